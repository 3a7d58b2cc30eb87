// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of commonhv-rng.c, commonhv-seed.c and chacha20.c, as they are, on this machine:
 * fake.h stands for Xen's headers.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <asm/commonhv.h>
#include <xen/sha2.h>

#define NR_THREADS	4
#define NR_MANY		20000

bool fake_cpu_has[2];

static unsigned int nr_passed, nr_failed;

static void check(const char *name, bool ok)
{
	printf("%s %u - %s\n", ok ? "ok" : "not ok", nr_passed + nr_failed + 1, name);
	if (ok)
		nr_passed++;
	else
		nr_failed++;
}

/* Not a hash, but all of it counts. */
void sha2_256_digest(uint8_t digest[SHA2_256_DIGEST_SIZE], const void *msg, size_t len)
{
	const uint8_t *bytes = msg;
	uint64_t state[4] = { 1, 2, 3, 4 };

	for (size_t i = 0; i < len; i++)
		for (unsigned int j = 0; j < 4; j++)
			state[j] = (state[j] ^ bytes[i]) * 0x100000001b3 + j;
	memcpy(digest, state, sizeof(state));
}

static bool is_zero(const void *data, size_t len)
{
	const uint8_t *bytes = data;

	while (len--)
		if (*bytes++)
			return false;
	return true;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* How many of them are neither zero nor there twice. Sorts them. */
static unsigned int nr_new(uint64_t *values, unsigned int nr)
{
	unsigned int i, found = 0;

	qsort(values, nr, sizeof(*values), compare);
	for (i = 0; i < nr; i++)
		found += values[i] && (!i || values[i] != values[i - 1]);
	return found;
}

static bool seeds_erased = true;

static void start(struct commonhv_rng *rng, bool generator, uint32_t first)
{
	uint32_t seed[CHACHA20_KEY_WORDS] = { first, 1, 2, 3, 4, 5, 6, 7 };

	memset(rng, 0, sizeof(*rng));
	pthread_mutex_init(&rng->lock, NULL);
	commonhv_rng_fill(rng, generator, seed);
	seeds_erased &= is_zero(seed, sizeof(seed));
}

/* Blocks of another implementation, OpenSSL. */
static void test_chacha20(void)
{
	static const uint32_t want[2][4] = {
		{ 0xade0b876, 0x903df1a0, 0xe56a5d40, 0x28bd8653 },
		{ 0xcf212bd7, 0xc4b0b6a4, 0x2bf6611d, 0x9c15118a },
	};
	uint32_t key[CHACHA20_KEY_WORDS], nonce[CHACHA20_NONCE_WORDS];
	uint32_t block[CHACHA20_BLOCK_WORDS];

	check("self-test", commonhv_rng_self_test());
	memset(key, 0, sizeof(key));
	memset(nonce, 0, sizeof(nonce));
	chacha20_block(block, key, 0, nonce);
	check("block-of-zeros", !memcmp(block, want[0], sizeof(want[0])));
	memset(key, 0xff, sizeof(key));
	memset(nonce, 0xff, sizeof(nonce));
	chacha20_block(block, key, UINT32_MAX, nonce);
	check("block-of-ones", !memcmp(block, want[1], sizeof(want[1])));
}

static void test_pool(void)
{
	static uint64_t values[COMMONHV_POOL_VALUES];
	struct commonhv_rng rng, other;
	unsigned int i;
	bool erased = true;

	start(&rng, false, 0);
	check("pool-keeps-no-key", is_zero(rng.key, sizeof(rng.key)));
	for (i = 0; i < COMMONHV_POOL_VALUES; i++) {
		values[i] = commonhv_rng_take(&rng);
		erased &= !rng.values[i];
	}
	check("pool-has-64-values", nr_new(values, i) == 64);
	check("pool-erases-each-value", erased);
	check("pool-ends-in-zeros", !commonhv_rng_take(&rng) && !commonhv_rng_take(&rng));
	check("pool-leaves-nothing", is_zero(rng.values, sizeof(rng.values)));

	start(&rng, false, 1);
	start(&other, false, 2);
	for (i = 0; i < 32; i++) {
		values[2 * i] = commonhv_rng_take(&rng);
		values[2 * i + 1] = commonhv_rng_take(&other);
	}
	check("other-seed-other-values", nr_new(values, 64) == 64);

	start(&rng, false, 3);
	rng.values[0] = rng.values[7] = rng.values[63] = 0;
	for (i = 0; commonhv_rng_take(&rng); i++)
		;
	check("zeros-by-chance-left-out", i == 61);
}

static void test_generator(void)
{
	static uint64_t values[NR_MANY];
	struct commonhv_rng rng;
	uint32_t key[CHACHA20_KEY_WORDS];
	bool same = false, erased = true;
	unsigned int i;

	start(&rng, true, 0);
	for (i = 0; i < NR_MANY; i++) {
		bool empty = rng.next == rng.nr;

		memcpy(key, rng.key, sizeof(key));
		values[i] = commonhv_rng_take(&rng);
		same |= empty && !memcmp(key, rng.key, sizeof(key));
		erased &= !rng.values[rng.next - 1];
	}
	check("generator-has-no-end", nr_new(values, NR_MANY) == NR_MANY);
	check("generator-changes-its-key", !same);
	check("generator-erases-each-value", erased);
}

static uint64_t taken[NR_THREADS][NR_MANY];
static struct commonhv_rng shared;

static void *take_many(void *arg)
{
	uint64_t *values = arg;

	for (unsigned int i = 0; i < NR_MANY; i++)
		values[i] = commonhv_rng_take(&shared);
	return NULL;
}

static unsigned int take_at_once(bool generator)
{
	pthread_t threads[NR_THREADS];
	unsigned int i;

	start(&shared, generator, 4);
	for (i = 0; i < NR_THREADS; i++)
		pthread_create(&threads[i], NULL, take_many, taken[i]);
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	return nr_new(&taken[0][0], NR_THREADS * NR_MANY);
}

static void test_threads(void)
{
	check("vcpus-share-a-pool", take_at_once(false) == 64);
	check("vcpus-share-a-generator",
	      take_at_once(true) == NR_THREADS * NR_MANY);
}

/* A source: counts, is dry now and then, has one word changed, is stuck. */
static struct {
	uint64_t nr;
	unsigned int dry;
	unsigned int left;
	int64_t changed;
	bool stuck;
	uint64_t stuck_at;
	uint64_t stuck_from;
} fake;

static bool fake_word(uint64_t *word)
{
	if (fake.left) {
		fake.left--;
		*word = 0;
		return false;
	}
	fake.left = fake.dry;
	*word = fake.stuck && fake.nr >= fake.stuck_from ? fake.stuck_at :
							   0x123456789 * (fake.nr + 1);
	if ((int64_t)fake.nr++ == fake.changed)
		*word ^= 1ULL << 63;
	return true;
}

static bool seed_of(unsigned int nr_words, int64_t changed, unsigned int dry, uint32_t *seed)
{
	struct commonhv_source source = { "fake", fake_word, nr_words };

	memset(seed, 0xaa, CHACHA20_KEY_WORDS * sizeof(*seed));
	fake.nr = 0;
	fake.dry = fake.left = dry;
	fake.changed = changed;
	return commonhv_seed_from(&source, seed);
}

static bool each_word_counts(unsigned int nr_words)
{
	uint32_t seed[CHACHA20_KEY_WORDS], other[CHACHA20_KEY_WORDS];

	if (!seed_of(nr_words, -1, 0, seed) || fake.nr != nr_words)
		return false;
	for (unsigned int i = 0; i < nr_words; i++)
		if (!seed_of(nr_words, i, 0, other) || !memcmp(seed, other, sizeof(seed)))
			return false;
	return true;
}

static void test_seed(void)
{
	static const uint64_t stuck[] = { 0, ~0ULL, 0x1234 };
	uint32_t seed[CHACHA20_KEY_WORDS];
	unsigned int i;

	check("each-of-8-words-counts", each_word_counts(8));
	check("each-of-2048-words-counts", each_word_counts(2048));
	check("dry-now-and-then", seed_of(8, -1, 900, seed));
	check("dry-gives-no-seed",
	      !seed_of(8, -1, 1000000, seed) && is_zero(seed, sizeof(seed)));
	check("dry-is-asked-1000-times", fake.left == 999000);
	fake.stuck = true;
	for (i = 0; i < ARRAY_SIZE(stuck); i++) {
		fake.stuck_at = stuck[i];
		check("stuck-gives-no-seed",
		      !seed_of(8, -1, 0, seed) && is_zero(seed, sizeof(seed)));
	}
	for (i = 0; i < 2; i++) {
		fake.stuck_at = stuck[i];
		fake.stuck_from = 7;
		check("one-bad-word-gives-no-seed",
		      !seed_of(8, -1, 0, seed));
	}
	fake.stuck = false;
}

static bool is_source(bool rdseed, bool rdrand, const char *name)
{
	const char *found;

	fake_cpu_has[0] = rdseed;
	fake_cpu_has[1] = rdrand;
	found = commonhv_seed_source();
	return name ? found && !strcmp(name, found) : !found;
}

static void test_source(void)
{
	uint32_t seed[CHACHA20_KEY_WORDS], other[CHACHA20_KEY_WORDS];

	check("rdseed-first", is_source(true, true, "RDSEED"));
	check("then-rdrand", is_source(false, true, "RDRAND"));
	check("then-nothing", is_source(false, false, NULL));
	check("nothing-gives-no-seed", !commonhv_seed(seed));
	fake_cpu_has[1] = __builtin_cpu_supports("rdrnd");
	if (fake_cpu_has[1])
		check("rdrand-gives-new-seeds", commonhv_seed(seed) &&
		      commonhv_seed(other) && memcmp(seed, other, sizeof(seed)));
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_chacha20();
	test_pool();
	test_generator();
	test_threads();
	test_seed();
	test_source();
	check("seed-erased", seeds_erased);
	printf("%u passed, %u failed\n", nr_passed, nr_failed);
	return nr_failed != 0;
}
