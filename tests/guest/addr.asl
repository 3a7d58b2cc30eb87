/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM generation ID where it cannot be, as a broken host may say, in a guest of
 * 512 MiB, where SeaBIOS keeps the last 128 KiB. Reading the status of NEXT0001
 * goes on to the next place: vmgenid-addr.sh has them in the same order.
 */
DefinitionBlock ("", "SSDT", 2, "TEST", "ADDR", 1)
{
	Scope (\_SB)
	{
		Name (VIDX, 0)
		Name (VLST, Package () {
			/* No memory at all. */
			Package () { 0x28, 0x10 },
			/* The last 8 bytes of RAM, then what is reserved. */
			Package () { 0x1ffdfff8, 0 },
			/* The last 8 bytes of what is reserved, then nothing. */
			Package () { 0x1ffffff8, 0 },
			/* In the midst of RAM, in a page that is not all RAM. */
			Package () { 0x0009fbf0, 0 },
			/* In RAM, in a page of the kernel's or of a program's. */
			Package () { 0x10000028, 0 },
			/* Beyond what a processor can address. */
			Package () { 0x28, 0x80000000 }
		})

		Device (VGEN)
		{
			Name (_HID, "ADDR0001")
			Name (_CID, "VM_Gen_Counter")
			Method (ADDR) { Return (DerefOf (VLST [VIDX])) }
		}

		Device (VNXT)
		{
			Name (_HID, "NEXT0001")
			Method (_STA, 0, Serialized)
			{
				VIDX = (VIDX + 1) % SizeOf (VLST)
				Return (0x0F)
			}
		}
	}
}
