/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forks without a snapshot: devices whose status, when it is read in
 * /sys/bus/acpi/devices/NAME:00/status, does to the VM generation ID what a
 * hypervisor would. Hundreds of forks take seconds then, and what no hypervisor
 * does can be had too: a notification without a change, a change without one.
 * For QEMU's -device vmgenid; loaded with -acpitable.
 */
DefinitionBlock ("", "SSDT", 2, "TEST", "FORK", 1)
{
	External (\_SB.VGEN, DeviceObj)
	External (\_SB.VGEN.ADDR, MethodObj)

	Scope (\_SB)
	{
		Method (VADR, 0, Serialized)
		{
			Local0 = \_SB.VGEN.ADDR ()
			Return (DerefOf (Local0 [0]) | (DerefOf (Local0 [1]) << 32))
		}

		Method (VCHG, 0, Serialized)
		{
			OperationRegion (VMID, SystemMemory, VADR (), 16)
			Field (VMID, QWordAcc, NoLock, Preserve)
			{
				VLOW, 64,
				VHIG, 64
			}
			VLOW++
		}

		/* Another ID, and a notification: a fork. */
		Device (VFRK)
		{
			Name (_HID, "FORK0001")
			/* For tests that look at the ID themselves: where it is. */
			Method (_UID, 0) { Return (VADR ()) }
			Method (_STA, 0, Serialized)
			{
				VCHG ()
				Notify (\_SB.VGEN, 0x80)
				Return (0x0F)
			}
		}

		/* A notification, and the same ID. */
		Device (VNFY)
		{
			Name (_HID, "FORK0002")
			Method (_STA, 0, Serialized)
			{
				Notify (\_SB.VGEN, 0x80)
				Return (0x0F)
			}
		}

		/* Another ID, and no notification. */
		Device (VSIL)
		{
			Name (_HID, "FORK0003")
			Method (_STA, 0, Serialized)
			{
				VCHG ()
				Return (0x0F)
			}
		}
	}
}
