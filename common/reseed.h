/* SPDX-License-Identifier: GPL-2.0 */
#ifndef COMMON_RESEED_H
#define COMMON_RESEED_H

struct reseed;

struct reseed *reseed_open(void);
void reseed_close(struct reseed *reseed);
int reseed_force(struct reseed *reseed);

#endif /* COMMON_RESEED_H */
