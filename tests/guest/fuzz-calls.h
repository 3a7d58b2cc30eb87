/* SPDX-License-Identifier: GPL-2.0 */
/* The calls of fuzz.h that concern files, and processes. */

static void fuzz_open(struct fuzz *fuzz)
{
	static const int flags[] = { O_RDONLY, O_RDONLY, O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC,
				     O_RDWR | O_APPEND, O_PATH, O_RDONLY | O_DIRECT };
	int is_vmclock = !chance(fuzz, 4), flag = flags[chance(fuzz, 8)], *fd = any_fd(fuzz);
	long ret;

	fuzz->op = "open";
	if (*fd >= 0)
		TRY(close(*fd));
	/* Without O_NONBLOCK the timer ends what waits. */
	if (chance(fuzz, 8))
		flag |= O_NONBLOCK;
	ret = TRY(open(is_vmclock ? VMCLOCK : NODE, flag | O_CLOEXEC));
	*fd = ret;
	if (ret < 0 || fuzz->is_root || flag & O_PATH)
		return;
	if (is_vmclock || (flag & O_ACCMODE) != O_RDONLY)
		violation(fuzz, "a user opened %s, flags %#x", is_vmclock ? VMCLOCK : NODE, flag);
}

static void fuzz_close(struct fuzz *fuzz)
{
	int *fd = any_fd(fuzz);

	fuzz->op = "close";
	TRY(close(*fd));
	*fd = -1;
}

static void fuzz_dup(struct fuzz *fuzz)
{
	int *from = any_fd(fuzz), *to = any_fd(fuzz);
	long ret;

	fuzz->op = "dup";
	if (from == to)
		return;
	if (*to >= 0)
		TRY(close(*to));
	ret = TRY(fcntl(*from, F_DUPFD_CLOEXEC, 3));
	*to = ret < 0 ? -1 : ret;
}

static void fuzz_send(struct fuzz *fuzz)
{
	int *fd = any_fd(fuzz), got;

	fuzz->op = "SCM_RIGHTS";
	if (*fd < 0)
		return;
	TRY(send_fd(fuzz->pair[0], *fd));
	/* Some stay on their way. */
	if (!chance(fuzz, 4))
		return;
	for (got = -1; !chance(fuzz, 8); got = -1) {
		got = TRY(receive_fd(fuzz->pair[1]));
		if (got < 0)
			return;
		TRY(close(got));
	}
	got = TRY(receive_fd(fuzz->pair[1]));
	if (got < 0)
		return;
	TRY(close(*fd));
	*fd = got;
}

/* --- files --- */

static void fuzz_read(struct fuzz *fuzz)
{
	uint32_t done = generations_done(), word = 0;
	int fd = *any_fd(fuzz), is_vmclock = 0, node = is_node(fd, &is_vmclock);
	size_t len = chance(fuzz, 3) ? 4 : chance(fuzz, PAGE);
	char buf[PAGE];
	long ret;

	fuzz->op = "read";
	if (!chance(fuzz, 16)) {
		ret = TRY(read(fd, any_map(fuzz)->at ?: (char *)0xffff888000000000, len));
		if (ret > 0)
			violation(fuzz, "read() wrote to a mapping, or to the kernel");
		return;
	}
	if (chance(fuzz, 2))
		ret = TRY(read(fd, buf, len));
	else
		ret = TRY(pread(fd, buf, len, chance(fuzz, 2 * PAGE)));
	if (ret != 4 || !node || is_vmclock)
		return;
	memcpy(&word, buf, sizeof(word));
	judge_generation(fuzz, done, word);
}

static void fuzz_write(struct fuzz *fuzz)
{
	uint32_t word = chance(fuzz, 2) ? *generation : chance(fuzz, 1ul << 32);
	int fd = *any_fd(fuzz), is_vmclock = 0;
	long ret;

	fuzz->op = "write";
	if (!is_node(fd, &is_vmclock))
		return;
	ret = TRY(chance(fuzz, 2) ? write(fd, &word, chance(fuzz, 4) ? 4 : chance(fuzz, 5)) :
				    pwrite(fd, &word, 4, chance(fuzz, PAGE)));
	if (ret >= 0 && !fuzz->is_root && !fuzz->granted)
		violation(fuzz, "a user wrote %ld bytes", ret);
}

static void fuzz_poll(struct fuzz *fuzz)
{
	struct pollfd fd = { .fd = *any_fd(fuzz), .events = chance(fuzz, 1 << 11) };
	struct epoll_event event = { .events = EPOLLIN | (chance(fuzz, 2) ? EPOLLET : 0) };

	fuzz->op = "poll";
	if (fd.fd < 0)
		return;
	if (chance(fuzz, 2)) {
		TRY(poll(&fd, 1, !chance(fuzz, 64)));
		return;
	}
	TRY(epoll_ctl(fuzz->epoll, 1 + chance(fuzz, 3), fd.fd, &event));
	TRY(epoll_wait(fuzz->epoll, &event, 1, 0));
}

static void fuzz_ioctl(struct fuzz *fuzz)
{
	static const unsigned int wild[] = { 0x5401, 0x5421, 0x5450, 0x5452, 0x5460, 0x1268 };
	unsigned long arg = chance(fuzz, 4) ? chance(fuzz, 3) : chance(fuzz, 1ul << 40);
	unsigned int what = chance(fuzz, 8);
	int fd = *any_fd(fuzz);
	long ret;

	switch (what) {
	case 0:
	case 1:
		fuzz->op = "ioctl track";
		/* Those who may acknowledge could keep root waiting, and must not here. */
		if (fuzz->is_root || fuzz->granted)
			arg = 0;
		ret = TRY(ioctl(fd, SYSGENID_SET_WATCHER_TRACKING, arg));
		if (!ret && !fuzz->is_root && !fuzz->granted)
			violation(fuzz, "a user is a watcher that is waited for");
		break;
	case 2:
		fuzz->op = "ioctl wait";
		TRY(ioctl(fd, SYSGENID_WAIT_WATCHERS, arg % 3));
		break;
	case 3:
	case 4:
		fuzz->op = "ioctl trigger";
		if (fuzz->is_root)
			break;
		ret = TRY(ioctl(fd, SYSGENID_TRIGGER_GEN_UPDATE, arg));
		if (!ret)
			violation(fuzz, "a user began a generation");
		break;
	case 5:
		fuzz->op = "ioctl";
		TRY(ioctl(fd, wild[chance(fuzz, sizeof(wild) / sizeof(*wild))], NULL));
		break;
	case 6:
		fuzz->op = "ioctl";
		TRY(ioctl(fd, _IOC(chance(fuzz, 4), SYSGENID_IOCTL, 4 + chance(fuzz, 250),
				   chance(fuzz, 64)), arg));
		break;
	default:
		fuzz->op = "fcntl";
		TRY(fcntl(fd, F_SETFL, chance(fuzz, 8) ? O_NONBLOCK : 0));
	}
}

/* What would change the node or its file, and what reads by other ways. */
static void fuzz_other(struct fuzz *fuzz)
{
	int fd = *any_fd(fuzz);
	off_t offset = chance(fuzz, 2 * PAGE);
	struct stat st;

	fuzz->op = "other";
	if (fd < 0)
		return;
	switch (chance(fuzz, 8)) {
	case 0:
		TRY(lseek(fd, offset, chance(fuzz, 5)));
		break;
	case 1:
		TRY(fstat(fd, &st));
		break;
	case 2:
		TRY(ftruncate(fd, offset));
		break;
	case 3:
		TRY(sendfile(fuzz->null, fd, NULL, 4));
		break;
	case 4:
		TRY(fsync(fd));
		break;
	case 5:
		TRY(fcntl(fd, F_SETOWN, getpid()));
		break;
	case 6:
		if (!fuzz->is_root && !TRY(fchmod(fd, 0666)))
			violation(fuzz, "a user changed the mode");
		break;
	default:
		if (!fuzz->is_root && !TRY(chmod(chance(fuzz, 2) ? NODE : VMCLOCK, 0666)))
			violation(fuzz, "a user changed the mode");
	}
}

static void fuzz_sysfs(struct fuzz *fuzz)
{
	const char *path = fuzz_files[chance(fuzz, fuzz_nr_files)];
	int flags = chance(fuzz, 4) || fuzz->is_root ? O_RDONLY : 1 + chance(fuzz, 2);
	char buf[PAGE + 1];
	long fd, ret;

	fuzz->op = "sysfs";
	/* To find a file in sysfs takes as long as twenty other calls. */
	if (chance(fuzz, 4))
		return;
	fd = TRY(open(path, flags | O_CLOEXEC));
	if (fd < 0)
		return;
	if (flags != O_RDONLY) {
		ret = TRY(write(fd, buf, chance(fuzz, 32)));
		violation(fuzz, "a user opened %s for writing, write() is %ld", path, ret);
	}
	ret = TRY(chance(fuzz, 2) ? read(fd, buf, PAGE) :
				    pread(fd, buf, chance(fuzz, PAGE), chance(fuzz, 64)));
	/* Root may see addresses, as those of a module's sections. */
	if (ret > 0 && !fuzz->is_root)
		judge_text(fuzz, path, buf, ret);
	TRY(close(fd));
}

/* --- processes --- */

/* A debugger's write to the child's copy of the mapping. */
static void fuzz_ptrace(struct fuzz *fuzz, pid_t pid)
{
	struct fuzz_map *map = any_map(fuzz);
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSTOPPED(status)) {
		if (map->at && TRY(ptrace(PTRACE_POKEDATA, pid, map->at, 1)) >= 0)
			violation(fuzz, "ptrace wrote to a mapping");
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
}

static void fuzz_fork(struct fuzz *fuzz)
{
	int traced = !chance(fuzz, 4), status, i;
	unsigned long random = fuzz->random;
	pid_t pid;

	fuzz->op = "fork";
	if (fuzz->depth || chance(fuzz, 64))
		return;
	pid = TRY(fork());
	if (!pid) {
		fuzz->depth = 1;
		fuzz->random = random ^ 0x5deece66d;
		close(fuzz->mem);
		fuzz->mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
		start_timer();
		if (traced && !ptrace(PTRACE_TRACEME, 0, 0, 0))
			raise(SIGSTOP);
		fuzz->calls = 0;
		for (i = 0; i < 24 && !shared->stop; i++)
			fuzz_one(fuzz);
		__atomic_fetch_add(&shared->calls, fuzz->calls, __ATOMIC_RELAXED);
		_exit(0);
	}
	if (pid < 0)
		return;
	if (traced) {
		fuzz_ptrace(fuzz, pid);
		return;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
}

/* Root alone: a generation, and its watchers, of which no user may be one. */
static void fuzz_generation(struct fuzz *fuzz)
{
	uint32_t seen;
	int fd;
	long ret;

	fuzz->op = "a generation";
	if (!fuzz->is_root || !fuzz->is_alone || fuzz->depth || chance(fuzz, 8))
		return;
	fd = open(NODE, O_RDWR | O_NONBLOCK);
	__atomic_fetch_add(&shared->started, 1, __ATOMIC_SEQ_CST);
	ret = TRY(ioctl(fd, SYSGENID_TRIGGER_GEN_UPDATE, 0));
	__atomic_fetch_add(&shared->done, 1, __ATOMIC_SEQ_CST);
	if (ret)
		violation(fuzz, "root's trigger: %ld", ret);
	TRY(ioctl(fd, SYSGENID_SET_WATCHER_TRACKING, 1));
	seen = *generation;
	ret = TRY(write(fd, &seen, sizeof(seen)));
	if (ret != 4)
		violation(fuzz, "root's acknowledgement: %ld", ret);
	/* Nobody else is tracked. */
	ret = TRY(ioctl(fd, SYSGENID_WAIT_WATCHERS, 20000));
	if (ret)
		violation(fuzz, "root waits for watchers: %ld", ret);
	close(fd);
}
