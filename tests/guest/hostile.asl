/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VM generation ID and the _CRS of QEMU's VMClock, as the host says at each
 * evaluation: it is asked at I/O ports of hypervisor/qemu/commonhv-hostile-forks.c.
 * For -device vmclock,x-misbehave=crs-none, without -device vmgenid.
 */
DefinitionBlock ("", "SSDT", 2, "TEST", "HOSTILE", 1)
{
	External (\_SB.VCLK, DeviceObj)

	Scope (\_SB)
	{
		OperationRegion (HOST, SystemIO, 0x5100, 0x80)
		Field (HOST, DWordAcc, NoLock, Preserve)
		{
			HKND, 32,
			HLOL, 32,
			HLOH, 32,
			HHIL, 32,
			HHIH, 32
		}
		Field (HOST, ByteAcc, NoLock, Preserve)
		{
			Offset (0x20),
			HCRS, 384
		}
		Field (HOST, DWordAcc, NoLock, Preserve)
		{
			Offset (0x1c),
			HLEN, 32
		}

		Device (VGEN)
		{
			Name (_HID, "HOST0001")
			Name (_CID, "VM_Gen_Counter")
			Method (ADDR, 0, Serialized)
			{
				Local0 = HKND
				Local1 = HLOL | (HLOH << 32)
				Local2 = HHIL | (HHIH << 32)
				Switch (ToInteger (Local0))
				{
				Case (1) { Return (Local1) }
				Case (2) { Return ("VM_Gen_Counter") }
				Case (3) { Return (Buffer (16) {}) }
				Case (4) { Divide (1, Local1 & 0, Local3, Local4) }
				Case (5) { Local3 = 0 }
				Case (6) { Return (Package () {}) }
				Case (7) { Return (Package () { 0x1ffe0000 }) }
				Case (8) { Return (Package () { 0x1ffe0000, 0, 0 }) }
				Case (9) { Return (Package () { "1ffe0000", "0" }) }
				Case (10) { Return (Package () { Package () {}, 0 }) }
				Case (11) { Return (Package (2) {}) }
				Case (12) { Return (Package () { 0x1ffe0000, Buffer (8) {} }) }
				Default
				{
					Local5 = Package (2) {}
					Local5 [0] = Local1
					Local5 [1] = Local2
					Return (Local5)
				}
				}
			}
		}
	}

	Scope (\_SB.VCLK)
	{
		Method (_CRS, 0, Serialized)
		{
			Local0 = \_SB.HLEN
			If (Local0 > 48)
			{
				Local2 = "no buffer"
				Return (Local2)
			}
			Local1 = \_SB.HCRS
			If (Local0 == 48)
			{
				Return (Local1)
			}
			Return (Mid (Local1, 0, Local0))
		}
	}

	Scope (\_GPE)
	{
		Method (_E05)
		{
			Notify (\_SB.VGEN, 0x80)
		}
	}
}
