/*
 * QTest of CommonHV: what a guest sees, and when the generation changes
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qemu/osdep.h"
#include "libqtest.h"
#include "qemu/bswap.h"
#include "qobject/qdict.h"

#define ROM_SIZE        0x10000
#define ROUNDS          0xffc       /* so often everything has been read */
#define RESULTS         0x1000
#define PATIENCE        600         /* tenths of a second */

#define CPUID_BASE      0x4f000000
#define MSR_RNG         0x4f000000
#define MSR_GENERATION  0x4f000001

#define DRAFT3          "commonhv-draft=3"

/*
 * The guest, in real mode, from F000:0000 on. It writes what CPUID and RDMSR
 * return, again and again.
 */
static const uint8_t code[] = {
    0x31, 0xc0,                         /*       xor   %ax, %ax */
    0x8e, 0xd8,                         /*       mov   %ax, %ds */
    0xbf, 0x00, 0x10,                   /* again: mov  $RESULTS, %di */
    0xbe, 0x52, 0x00,                   /*       mov   $table, %si */
    0x2e, 0x66, 0x8b, 0x04,             /* next: movl  %cs:(%si), %eax */
    0x2e, 0x66, 0x8b, 0x4c, 0x04,       /*       movl  %cs:4(%si), %ecx */
    0x83, 0xc6, 0x08,                   /*       add   $8, %si */
    0x66, 0x85, 0xc0,                   /*       testl %eax, %eax */
    0x74, 0x16,                         /*       jz    msrs */
    0x0f, 0xa2,                         /*       cpuid */
    0x66, 0x89, 0x05,                   /*       movl  %eax, (%di) */
    0x66, 0x89, 0x5d, 0x04,             /*       movl  %ebx, 4(%di) */
    0x66, 0x89, 0x4d, 0x08,             /*       movl  %ecx, 8(%di) */
    0x66, 0x89, 0x55, 0x0c,             /*       movl  %edx, 12(%di) */
    0x83, 0xc7, 0x10,                   /*       add   $16, %di */
    0xeb, 0xd9,                         /*       jmp   next */
    0x2e, 0x66, 0x8b, 0x0c,             /* msrs: movl  %cs:(%si), %ecx */
    0x83, 0xc6, 0x04,                   /*       add   $4, %si */
    0x66, 0x85, 0xc9,                   /*       testl %ecx, %ecx */
    0x74, 0x0e,                         /*       jz    done */
    0x0f, 0x32,                         /*       rdmsr */
    0x66, 0x89, 0x05,                   /*       movl  %eax, (%di) */
    0x66, 0x89, 0x55, 0x04,             /*       movl  %edx, 4(%di) */
    0x83, 0xc7, 0x08,                   /*       add   $8, %di */
    0xeb, 0xe6,                         /*       jmp   msrs */
    0x66, 0xff, 0x06, 0xfc, 0x0f,       /* done: incl  ROUNDS */
    0xeb, 0xb2,                         /*       jmp   again */
};

/* Behind it: leaves and subleaves, and MSRs, each list up to a zero. */
static const uint32_t table[] = {
    CPUID_BASE, 0, CPUID_BASE + 1, 0, CPUID_BASE + 1, 1, CPUID_BASE + 1, 2,
    CPUID_BASE + 2, 0, CPUID_BASE + 3, 0, CPUID_BASE + 4, 0, CPUID_BASE + 5, 0,
    0, 0,
    MSR_RNG, MSR_RNG, MSR_GENERATION, 0
};

/* What it writes. */
typedef struct Results {
    uint32_t base[4], list[3][4], features[4], rng[4], version[4];
    uint64_t generation, generation_reserved;
    uint64_t random[2], generation_msr;
} Results;

static char *rom_path;

static void make_rom(void)
{
    static const uint8_t reset[] = { 0xea, 0x00, 0x00, 0x00, 0xf0 };
    g_autofree uint8_t *rom = g_malloc0(ROM_SIZE);
    int fd = g_file_open_tmp("qtest-commonhv.XXXXXX", &rom_path, NULL);

    g_assert_cmpint(fd, >=, 0);
    close(fd);
    memcpy(rom, code, sizeof(code));
    for (int i = 0; i < ARRAY_SIZE(table); i++) {
        stl_le_p(rom + sizeof(code) + 4 * i, table[i]);
    }
    memcpy(rom + ROM_SIZE - 16, reset, sizeof(reset));
    g_assert_true(g_file_set_contents(rom_path, (char *)rom, ROM_SIZE, NULL));
}

static QTestState *start(const char *options, const char *arguments)
{
    return qtest_initf("-accel tcg -nodefaults -m 16 -bios %s "
                       "-cpu max,commonhv=on,%s %s", rom_path, options,
                       arguments);
}

/* All that the guest reads from now on: the round under way is not that. */
static Results read_results(QTestState *qts)
{
    uint32_t rounds = qtest_readl(qts, ROUNDS);
    uint32_t words[(sizeof(Results) + 3) / 4];
    Results results;

    for (int i = 0; qtest_readl(qts, ROUNDS) - rounds < 2; i++) {
        g_assert_cmpint(i, <, PATIENCE);
        g_usleep(G_USEC_PER_SEC / 10);
    }
    qtest_qmp_assert_success(qts, "{ 'execute': 'stop' }");
    for (int i = 0; i < ARRAY_SIZE(words); i++) {
        words[i] = qtest_readl(qts, RESULTS + 4 * i);
    }
    qtest_qmp_assert_success(qts, "{ 'execute': 'cont' }");
    memcpy(&results, words, sizeof(results));
    return results;
}

static void assert_leaf(const uint32_t leaf[4], uint32_t eax, uint32_t ebx,
                        uint32_t ecx, uint32_t edx)
{
    g_assert_cmphex(leaf[0], ==, eax);
    g_assert_cmphex(leaf[1], ==, ebx);
    g_assert_cmphex(leaf[2], ==, ecx);
    g_assert_cmphex(leaf[3], ==, edx);
}

static void test_draft1(void)
{
    QTestState *qts = start("commonhv-draft=1", "");
    Results r = read_results(qts);

    assert_leaf(r.base, 0x4f000002, 0x6d6d6f43, 0x56486e6f, 0x66746e49);
    assert_leaf(r.list[0], 0x40000000, 0x54474354, 0x43544743, 0x47435447);
    assert_leaf(r.list[1], 0, 0, 0, 0);
    assert_leaf(r.features, MSR_RNG, 0, 0, 0);
    assert_leaf(r.rng, 0, 0, 0, 0);
    qtest_quit(qts);
}

static void test_draft2(void)
{
    QTestState *qts = start("commonhv-interfaces=Abc@40000000:"
                            "Twelve-bytes@40000100", "");
    Results r = read_results(qts);

    assert_leaf(r.base, 0x4f000003, 0x6d6d6f43, 0x56486e6f, 0x66746e49);
    assert_leaf(r.list[0], 2, 0, 0, 0);
    assert_leaf(r.list[1], 0x40000000, 0x00636241, 0, 0);
    assert_leaf(r.list[2], 0x40000100, 0x6c657754, 0x622d6576, 0x73657479);
    assert_leaf(r.features, 3, 0, 0, 0);
    assert_leaf(r.rng, MSR_RNG, 0, 0, 0);
    assert_leaf(r.version, 0, 0, 0, 0);
    g_assert_cmphex(r.random[0], !=, r.random[1]);
    qtest_quit(qts);
}

static void test_no_rng(void)
{
    QTestState *qts = start("commonhv-rng=off", "");
    Results r = read_results(qts);

    assert_leaf(r.base, 0x4f000003, 0x6d6d6f43, 0x56486e6f, 0x66746e49);
    assert_leaf(r.features, 0, 0, 0, 0);
    assert_leaf(r.rng, 0, 0, 0, 0);
    g_assert_cmphex(r.random[0], ==, 0);
    qtest_quit(qts);
}

static uint64_t assert_generation(const Results *r)
{
    assert_leaf(r->base, 0x4f000005, 0x6d6d6f43, 0x56486e6f, 0x66746e49);
    assert_leaf(r->version, 3, 3, MSR_GENERATION, 0);
    g_assert_cmphex(r->generation, !=, 0);
    g_assert_cmphex(r->generation_reserved, ==, 0);
    g_assert_cmphex(r->generation_msr, ==, r->generation);
    return r->generation;
}

static void wait_for_status(QTestState *qts, const char *command,
                            const char *status)
{
    for (int i = 0; ; i++) {
        QDict *reply = qtest_qmp_assert_success_ref(qts, "{ 'execute': %s }",
                                                    command);
        bool done = g_str_equal(qdict_get_str(reply, "status"), status);

        qobject_unref(reply);
        if (done) {
            return;
        }
        g_assert_cmpint(i, <, PATIENCE);
        g_usleep(G_USEC_PER_SEC / 10);
    }
}

static void save(QTestState *qts, const char *path)
{
    g_autofree char *uri = g_strdup_printf("file:%s", path);

    qtest_qmp_assert_success(qts, "{ 'execute': 'migrate', 'arguments': "
                             "{ 'uri': %s } }", uri);
    wait_for_status(qts, "query-migrate", "completed");
}

/* It was saved while it ran, and so runs when it has been loaded. */
static Results load(const char *options, const char *path)
{
    g_autofree char *incoming = g_strdup_printf("-incoming file:%s", path);
    QTestState *qts = start(options, incoming);
    Results r;

    wait_for_status(qts, "query-status", "running");
    r = read_results(qts);
    qtest_quit(qts);
    return r;
}

static void test_generation(void)
{
    g_autofree char *path = g_strdup_printf("%s.state", rom_path);
    g_autofree char *live = NULL;
    QTestState *qts = start(DRAFT3, "");
    uint64_t first, second, third;
    Results r = read_results(qts);

    first = assert_generation(&r);
    qtest_system_reset(qts);
    r = read_results(qts);
    g_assert_cmphex(assert_generation(&r), ==, first);
    save(qts, path);
    qtest_quit(qts);

    r = load(DRAFT3, path);
    second = assert_generation(&r);
    r = load(DRAFT3, path);
    third = assert_generation(&r);
    g_assert_cmphex(second, !=, first);
    g_assert_cmphex(third, !=, first);
    g_assert_cmphex(third, !=, second);

    live = g_strdup_printf(DRAFT3 ",commonhv-generation-value=%" PRIu64, first);
    r = load(live, path);
    g_assert_cmphex(assert_generation(&r), ==, first);
    unlink(path);
}

static void test_generation_msr(void)
{
    QTestState *qts = start(DRAFT3 ",commonhv-generation=msr", "");
    Results r = read_results(qts);

    assert_leaf(r.version, 3, 2, MSR_GENERATION, 0);
    g_assert_cmphex(r.generation, ==, 0);
    g_assert_cmphex(r.generation_msr, !=, 0);
    qtest_quit(qts);
}

int main(int argc, char **argv)
{
    int ret;

    g_test_init(&argc, &argv, NULL);
    if (!qtest_has_accel("tcg")) {
        g_test_skip("No TCG accelerator available");
        return 0;
    }
    make_rom();
    qtest_add_func("/commonhv/draft1", test_draft1);
    qtest_add_func("/commonhv/draft2", test_draft2);
    qtest_add_func("/commonhv/no-rng", test_no_rng);
    qtest_add_func("/commonhv/generation", test_generation);
    qtest_add_func("/commonhv/generation-msr", test_generation_msr);
    ret = g_test_run();
    unlink(rom_path);
    g_free(rom_path);
    return ret;
}
