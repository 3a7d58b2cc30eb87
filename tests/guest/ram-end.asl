/* SPDX-License-Identifier: GPL-2.0 */
/* A VM generation ID that begins in the last 8 bytes of RAM of a machine with -m 4160. */
DefinitionBlock ("", "SSDT", 2, "TEST", "RAMEND", 1)
{
	Device (\_SB.VGEN)
	{
		Name (_HID, "HOLE0002")
		Name (_CID, "VM_Gen_Counter")
		Name (ADDR, Package () { 0x43FFFFF8, 0x1 })
	}
}
