/* SPDX-License-Identifier: GPL-2.0 */
/* The calls of fuzz.h that concern mappings of the nodes. */

static void fuzz_mmap(struct fuzz *fuzz)
{
	struct fuzz_map *map = any_map(fuzz);
	int prot = chance(fuzz, 8), flags = 1 + chance(fuzz, 3), fd = *any_fd(fuzz);
	size_t len = chance(fuzz, 8) ? PAGE : PAGE * chance(fuzz, 4);
	off_t offset = chance(fuzz, 8) ? 0 : PAGE * chance(fuzz, 5);
	int is_vmclock = 0;
	long ret;

	fuzz->op = "mmap";
	if (map->at) {
		TRY(munmap(map->at, PAGE));
		map->at = NULL;
	}
	if (!is_node(fd, &is_vmclock))
		return;
	if (chance(fuzz, 2))
		prot = PROT_READ;
	if (!chance(fuzz, 4))
		flags |= MAP_POPULATE;
	ret = TRY(mmap(NULL, len, prot, flags, fd, offset));
	if (ret < 0 && ret > -PAGE)
		return;
	if (prot & PROT_WRITE)
		violation(fuzz, "a mapping can be written to: prot %d, flags %#x", prot, flags);
	if (len > PAGE || offset)
		violation(fuzz, "a mapping has %zu bytes from %ld on", len, (long)offset);
	map->at = (char *)ret;
	map->is_vmclock = is_vmclock;
}

static void fuzz_munmap(struct fuzz *fuzz)
{
	struct fuzz_map *map = any_map(fuzz);

	fuzz->op = "munmap";
	if (!map->at)
		return;
	TRY(munmap(map->at, PAGE));
	map->at = NULL;
}

static void fuzz_mremap(struct fuzz *fuzz)
{
	struct fuzz_map *map = any_map(fuzz);
	size_t from = chance(fuzz, 4) ? PAGE : PAGE * chance(fuzz, 3);
	size_t to = chance(fuzz, 3) ? PAGE : PAGE * chance(fuzz, 4);
	int flags = chance(fuzz, 2) ? MREMAP_MAYMOVE : 0;
	long ret;

	fuzz->op = "mremap";
	if (!map->at || !to || (from != PAGE && from))
		return;
	if (flags && !chance(fuzz, 4))
		flags |= MREMAP_DONTUNMAP;
	ret = TRY(mremap(map->at, from, to, flags));
	if (ret < 0 && ret > -PAGE)
		return;
	if (to > PAGE)
		violation(fuzz, "a mapping has grown to %zu bytes", to);
	/* Where it was moved from and stays, it is unmapped at once. */
	if ((char *)ret != map->at && (flags & MREMAP_DONTUNMAP || !from))
		TRY(munmap(map->at, PAGE));
	map->at = (char *)ret;
}

static void fuzz_mprotect(struct fuzz *fuzz)
{
	struct fuzz_map *map = any_map(fuzz);
	int prot = chance(fuzz, 8);
	long ret;

	fuzz->op = "mprotect";
	if (!map->at)
		return;
	ret = TRY(mprotect(map->at, PAGE, prot));
	if (!ret && prot & PROT_WRITE)
		violation(fuzz, "a mapping can be written to: prot %d", prot);
}

static void fuzz_madvise(struct fuzz *fuzz)
{
	struct fuzz_map *map = any_map(fuzz);
	/* Those from 100 on are root's, and harm the machine. */
	int advice = chance(fuzz, fuzz->is_root ? 26 : 103);

	fuzz->op = "madvise";
	if (!map->at)
		return;
	switch (chance(fuzz, 6)) {
	case 0:
		TRY(msync(map->at, PAGE, 1 << chance(fuzz, 3)));
		break;
	case 1:
		TRY(mlock(map->at, PAGE));
		TRY(munlock(map->at, PAGE));
		break;
	case 2: {
		unsigned char vec;

		TRY(mincore(map->at, PAGE, &vec));
		break;
	}
	default:
		TRY(madvise(map->at, PAGE, advice));
	}
}

/* A load, which may fault: after mprotect(), say. */
static void fuzz_load(struct fuzz *fuzz)
{
	struct fuzz_map *map = any_map(fuzz);
	uint32_t done = generations_done();
	volatile size_t at = chance(fuzz, 2) ? 0 : 8 * chance(fuzz, PAGE / 8);
	char buf[8];

	fuzz->op = "load";
	if (!map->at)
		return;
	if (!sigsetjmp(fuzz_jump, 0)) {
		fuzz_may_fault = 1;
		*(volatile uint64_t *)buf = *(volatile uint64_t *)(map->at + at);
		fuzz_may_fault = 0;
		judge_page(fuzz, map->is_vmclock, at, buf, sizeof(buf), done);
	}
	fuzz_may_fault = 0;
}

/* As a debugger does: by /proc/self/mem, and by process_vm_writev(). */
static void fuzz_mem(struct fuzz *fuzz)
{
	struct fuzz_map *map = any_map(fuzz);
	uint32_t done = generations_done();
	size_t at = chance(fuzz, 2) ? 0 : chance(fuzz, PAGE - 64);
	char buf[64] = "written";
	struct iovec here = { buf, sizeof(buf) }, there = { map->at + at, sizeof(buf) };
	long ret;

	if (!map->at)
		return;
	switch (chance(fuzz, 4)) {
	case 0:
		fuzz->op = "/proc/self/mem write";
		ret = TRY(pwrite(fuzz->mem, buf, sizeof(buf), (off_t)map->at + at));
		break;
	case 1:
		fuzz->op = "process_vm_writev";
		ret = TRY(process_vm_writev(getpid(), &here, 1, &there, 1, 0));
		break;
	case 2:
		fuzz->op = "/proc/self/mem read";
		ret = TRY(pread(fuzz->mem, buf, sizeof(buf), (off_t)map->at + at));
		if (ret > 0)
			judge_page(fuzz, map->is_vmclock, at, buf, ret, done);
		return;
	default:
		fuzz->op = "process_vm_readv";
		ret = TRY(process_vm_readv(getpid(), &here, 1, &there, 1, 0));
		if (ret > 0)
			judge_page(fuzz, map->is_vmclock, at, buf, ret, done);
		return;
	}
	if (ret >= 0)
		violation(fuzz, "%ld bytes were written", ret);
}
