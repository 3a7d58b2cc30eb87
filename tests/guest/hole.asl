/* SPDX-License-Identifier: GPL-2.0 */
/* A VM generation ID where the machine has no memory, as a broken host may say. */
DefinitionBlock ("", "SSDT", 2, "TEST", "HOLE", 1)
{
	Device (\_SB.VGEN)
	{
		Name (_HID, "HOLE0001")
		Name (_CID, "VM_Gen_Counter")
		Name (ADDR, Package () { 0x28, 0x10 })
	}
}
