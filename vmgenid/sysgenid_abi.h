/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/* Documentation/ABI/testing/dev-sysgenid. For user space too. */
#ifndef VMGENID_SYSGENID_ABI_H
#define VMGENID_SYSGENID_ABI_H

#include <linux/ioctl.h>

#define SYSGENID_IOCTL			0xE4

/* 1: track this file for SYSGENID_WAIT_WATCHERS; 0: no longer */
#define SYSGENID_SET_WATCHER_TRACKING	_IO(SYSGENID_IOCTL, 1)
/* wait for all tracked watchers, for that many milliseconds at most; 0: no limit */
#define SYSGENID_WAIT_WATCHERS		_IO(SYSGENID_IOCTL, 2)
/* begin a new generation, not less than the argument unless it wraps */
#define SYSGENID_TRIGGER_GEN_UPDATE	_IO(SYSGENID_IOCTL, 3)

#endif /* VMGENID_SYSGENID_ABI_H */
