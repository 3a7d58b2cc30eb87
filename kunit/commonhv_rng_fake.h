/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMONHV_RNG_FAKE_H
#define COMMONHV_RNG_FAKE_H

#include "../commonhv/rng.h"
#include "commonhv_fake.h"
#include "krng_fake.h"

extern const struct fake_leaf rng_host_a[];
extern const struct fake_leaf rng_host_b[];
extern const struct fake_leaf rng_host_a2[];
extern const struct fake_leaf rng_host_no_input[];
extern const struct fake_leaf rng_host_no_rng[];

/**
 * struct rng_fixture - an RNG between a fake host and a fake kernel
 * @rng: under test; of full quality
 * @hv: the host, rng_host_a at first; its story has the kernel's steps too
 * @krng: the kernel RNG; fails the test if it is called for a reseed or for
 *	credit, which may wait, with the lock held
 * @nr_moved: calls of @rng.moved
 * @leaves: of the last rng_refresh()
 */
struct rng_fixture {
	struct commonhv_rng rng;
	struct fake_hv *hv;
	struct fake_krng krng;
	unsigned int nr_moved;
	struct commonhv_leaves leaves;
};

int rng_fixture_init(struct kunit *test);
void rng_fixture_exit(struct kunit *test);
int rng_refresh(struct rng_fixture *f, unsigned int nr);
void rng_expect_story(struct kunit *test, const char *want);
void rng_expect_values(struct kunit *test, unsigned int i, enum fake_krng_op op,
		       unsigned int nr, size_t bits);
unsigned int rng_reads(const struct rng_fixture *f, u32 msr);
unsigned int rng_writes(const struct rng_fixture *f);

#endif /* COMMONHV_RNG_FAKE_H */
