// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes text in sysfs: signature.c, violation.c.
 *
 * Input: a set of violations, and the bytes of a signature.
 *
 * Rules: the text ends within its buffer, is one printable line, and says what went in:
 * read back, it gives the same signature, and as many names as there are violations.
 */
#include <ctype.h>
#include <stdlib.h>

#include "../commonhv/signature.h"
#include "../commonhv/violation.h"
#include "fuzz.h"

static void text_unescape(const char *text, u8 *signature)
{
	unsigned int used = 0;
	char hex[3] = "";

	memset(signature, 0, COMMONHV_SIGNATURE_LEN);
	while (*text) {
		fuzz_check(used < COMMONHV_SIGNATURE_LEN);
		if (*text != '\\') {
			signature[used++] = *text++;
			continue;
		}
		fuzz_check(text[1] == 'x' && isxdigit((u8)text[2]) && isxdigit((u8)text[3]));
		memcpy(hex, text + 2, 2);
		signature[used++] = strtoul(hex, NULL, 16);
		text += 4;
	}
}

static void text_check_signature(struct fuzz_input *in)
{
	char text[COMMONHV_SIGNATURE_TEXT_LEN];
	u8 signature[COMMONHV_SIGNATURE_LEN], again[COMMONHV_SIGNATURE_LEN];
	const char *vendor;
	unsigned int i;

	for (i = 0; i < sizeof(signature); i++)
		signature[i] = fuzz_u8(in);
	memset(text, 'x', sizeof(text));
	commonhv_signature_escape(signature, text);
	fuzz_check(memchr(text, 0, sizeof(text)));
	for (i = 0; text[i]; i++)
		fuzz_check(text[i] >= 0x20 && text[i] < 0x7f);
	text_unescape(text, again);
	fuzz_check(!memcmp(signature, again, sizeof(again)));

	vendor = commonhv_signature_vendor(signature);
	fuzz_check(commonhv_signature_is_known(signature) == !!strcmp(vendor, "unknown"));
}

static void text_check_violations(unsigned long violations)
{
	char text[COMMONHV_VIOLATIONS_LEN];
	unsigned int i, nr = 1;

	violations &= BIT(COMMONHV_NR_VIOLATIONS) - 1;
	memset(text, 'x', sizeof(text));
	commonhv_violations_format(violations, text, sizeof(text));
	fuzz_check(memchr(text, 0, sizeof(text)));
	fuzz_check(!strcmp(text, "none") == !violations);
	for (i = 0; text[i]; i++) {
		fuzz_check(islower((u8)text[i]) || text[i] == '_' || text[i] == ' ');
		fuzz_check(text[i] != ' ' || (i && text[i + 1] && text[i + 1] != ' '));
		nr += text[i] == ' ';
	}
	if (violations)
		fuzz_check(nr == (unsigned int)__builtin_popcountl(violations));
}

FUZZ_TARGET(text)
{
	text_check_violations(fuzz_u16(in));
	text_check_signature(in);
}
