// SPDX-License-Identifier: GPL-2.0
/* One object cannot be linked into two modules: kbuild warns. */
#include "krng_fake.c"
