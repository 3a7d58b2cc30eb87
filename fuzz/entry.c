// SPDX-License-Identifier: GPL-2.0
/* libFuzzer's way in: the one target that is linked with this. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t len);

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	struct fuzz_input in = { data, len };

	fuzz_targets->run(&in);
	return 0;
}
