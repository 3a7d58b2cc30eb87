// SPDX-License-Identifier: GPL-2.0
/*
 * set-param DOMAIN PARAMETER VALUE: sets a parameter of an HVM domain, as the toolstack
 * does. xl sets HVM_PARAM_VIRIDIAN for domains with a device model only.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define HYPERVISOR_HVM_OP	34
#define HVMOP_SET_PARAM		0

struct hypercall {
	uint64_t op;
	uint64_t arg[5];
};

#define PRIVCMD_HYPERCALL	_IOC(_IOC_NONE, 'P', 0, sizeof(struct hypercall))

/* Xen reads it, so it must be in memory. */
static struct {
	uint16_t domain;
	uint16_t pad;
	uint32_t index;
	uint64_t value;
} param;

int main(int argc, char **argv)
{
	struct hypercall call = {
		.op = HYPERVISOR_HVM_OP,
		.arg = { HVMOP_SET_PARAM, (uintptr_t)&param },
	};
	int fd;

	if (argc != 4) {
		fprintf(stderr, "usage: %s DOMAIN PARAMETER VALUE\n", argv[0]);
		return 2;
	}
	param.domain = atoi(argv[1]);
	param.index = atoi(argv[2]);
	param.value = strtoull(argv[3], NULL, 0);
	fd = open("/dev/xen/privcmd", O_RDWR | O_CLOEXEC);
	if (fd < 0 || mlock(&param, sizeof(param)) || ioctl(fd, PRIVCMD_HYPERCALL, &call)) {
		perror(argv[0]);
		return 1;
	}
	return 0;
}
