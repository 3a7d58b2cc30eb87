/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all targets share. A target is a file that runs the modules' own pure code on an
 * input, and checks what comes of it against rules that it states independently:
 *
 *	FUZZ_TARGET(name)
 *	{
 *		u8 first = fuzz_u8(in);
 *		...
 *		fuzz_check(nr <= FUZZ_SOME_MAX);
 *	}
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <string.h>

#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/types.h>

/**
 * struct fuzz_input - what is left of an input
 * @next: the first byte that nobody has read
 * @left: how many there are; an input that is read to its end goes on with zeros
 */
struct fuzz_input {
	const u8 *next;
	size_t left;
};

static inline u64 fuzz_uint(struct fuzz_input *in, size_t len)
{
	u64 value = 0;

	if (len > in->left)
		len = in->left;
	memcpy(&value, in->next, len);
	in->next += len;
	in->left -= len;
	return value;
}

static inline u8 fuzz_u8(struct fuzz_input *in)
{
	return fuzz_uint(in, 1);
}

static inline u16 fuzz_u16(struct fuzz_input *in)
{
	return fuzz_uint(in, 2);
}

static inline u32 fuzz_u32(struct fuzz_input *in)
{
	return fuzz_uint(in, 4);
}

static inline u64 fuzz_u64(struct fuzz_input *in)
{
	return fuzz_uint(in, 8);
}

/* Numbers that look random, and of which no two are the same. */
static inline u64 fuzz_hash(u64 n)
{
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9ull;
	n = (n ^ n >> 27) * 0x94d049bb133111ebull;
	return n ^ n >> 31;
}

/**
 * struct fuzz_target - something to fuzz
 * @name: of the target and of its file
 * @run: takes an input; does not return if a check fails
 * @next: the next one that is linked into this program
 */
struct fuzz_target {
	const char *name;
	void (*run)(struct fuzz_input *in);
	struct fuzz_target *next;
};

extern struct fuzz_target *fuzz_targets;

#define FUZZ_TARGET(target)							\
	static void fuzz_run_##target(struct fuzz_input *in);			\
	static __attribute__((constructor)) void fuzz_register_##target(void)	\
	{									\
		static struct fuzz_target this = {				\
			.name = #target, .run = fuzz_run_##target,		\
		};								\
										\
		this.next = fuzz_targets;					\
		fuzz_targets = &this;						\
	}									\
	static void fuzz_run_##target(struct fuzz_input *in)

void __noreturn __cold fuzz_fail(const char *file, int line, const char *text);

/* States a rule. One that is broken ends the program, and is a finding. */
#define fuzz_check(rule)							\
	do {									\
		if (unlikely(!(rule)))						\
			fuzz_fail(__FILE__, __LINE__, #rule);			\
	} while (0)

#endif /* FUZZ_FUZZ_H */
