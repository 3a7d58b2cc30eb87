# SPDX-License-Identifier: GPL-2.0
#
#	make				build against the running kernel
#	make KDIR=/path/to/headers	build against another one
#	make demo | check		see README.rst

KDIR ?= /lib/modules/$(shell uname -r)/build

.PHONY: modules modules_install clean demo check

modules modules_install clean:
	+$(MAKE) -C $(KDIR) M=$(CURDIR) $@

demo check:
	+scripts/$@
