// SPDX-License-Identifier: GPL-2.0
/*
 * The first serial port; where there is none, port E9H, which Xen logs for guests that
 * have no devices (PVH), and others know from Bochs.
 */
#include "access.h"
#include "cpu.h"
#include "serial.h"

#define COM1		0x3f8
#define DEBUG_CONSOLE	0xe9
#define FIFO_SIZE	16
#define PATIENCE	100000	/* a port that never is ready does not stop the tests */

enum { DATA, INTERRUPTS, FIFO, LINE, MODEM, STATUS, SCRATCH = 7 };

static bool com1_there;
static unsigned int room;

void serial_init(void)
{
	out8(COM1 + SCRATCH, 0x5a);
	com1_there = in8(COM1 + SCRATCH) == 0x5a;
	if (!com1_there)
		return;
	out8(COM1 + INTERRUPTS, 0);
	out8(COM1 + LINE, 0x80);	/* the divisor: 1, 115200 baud */
	out8(COM1 + DATA, 1);
	out8(COM1 + INTERRUPTS, 0);
	out8(COM1 + LINE, 0x03);	/* 8N1 */
	out8(COM1 + FIFO, 0x07);
	out8(COM1 + MODEM, 0x03);
}

/* Each access is an exit: ask once for 16 bytes. */
void put_char(char c)
{
	if (!com1_there) {
		out8(DEBUG_CONSOLE, c);
		return;
	}
	for (int i = 0; !room && i < PATIENCE; i++)
		if (in8(COM1 + STATUS) & 0x20)
			room = FIFO_SIZE;
	if (room)
		room--;
	out8(COM1 + DATA, c);
}
