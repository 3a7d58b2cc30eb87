/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_ASM_BYTEORDER_H
#define FUZZ_ASM_BYTEORDER_H

/* The modules are for x86, and so is this. */
#define le16_to_cpu(x)		((u16)(x))
#define le32_to_cpu(x)		((u32)(x))
#define le64_to_cpu(x)		((u64)(x))

#endif /* FUZZ_ASM_BYTEORDER_H */
