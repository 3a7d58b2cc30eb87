# SPDX-License-Identifier: GPL-2.0
#
#	make				build against the running kernel
#	make KDIR=/path/to/headers	build against another one
#	make demo | check		see README.rst
#	make dist			build/commonhv-VERSION.tar.gz, of the last commit
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

.PHONY: modules modules_install clean demo check dist

modules modules_install clean:
	+$(MAKE) -C $(KDIR) M=$(CURDIR) $@

demo check:
	+scripts/$@

# Sorted, with the commit's time and no user: the same commit gives the same bytes.
dist: name := commonhv-$(file <VERSION)
dist:
	mkdir -p build
	git -c tar.umask=0022 archive --format=tar --prefix=$(name)/ HEAD | gzip -9n >build/$(name).tar.gz
	@echo build/$(name).tar.gz
