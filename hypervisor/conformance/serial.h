/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CONFORMANCE_SERIAL_H
#define CONFORMANCE_SERIAL_H

void serial_init(void);

#endif
