# SPDX-License-Identifier: GPL-2.0
#
#	make				build against the running kernel
#	make KDIR=/path/to/headers	build against another one
#	make demo | check		see README.rst
#
# What the kernel's configuration leaves no room for is left out, and named.

KDIR ?= /lib/modules/$(shell uname -r)/build

# kbuild splits paths at these, and says of it what is hard to understand.
ifneq ($(words $(CURDIR)),1)
$(error kbuild cannot build modules in a directory whose path has a space: move '$(CURDIR)')
endif
ifneq ($(findstring :,$(CURDIR))$(findstring %,$(CURDIR)),)
$(error kbuild cannot build modules in a directory whose path has a colon or a percent sign: move '$(CURDIR)')
endif

.PHONY: modules modules_install clean demo check

modules modules_install clean:
	+$(MAKE) -C $(KDIR) M=$(CURDIR) $@

demo check:
	+scripts/$@
