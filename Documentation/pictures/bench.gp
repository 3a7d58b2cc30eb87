# SPDX-License-Identifier: GPL-2.0
# How fast /dev/hwrng is, by the size of the blocks that are read, as scripts/bench draws it.
# bench.dat: a line for each size: bytes, and MB/s of the in-tree driver, of virtio-rng-ext
# and of the null driver; in its head, the command that measured it and the kernel.
set terminal svg noenhanced size 720,420 background "white"
set output "bench.svg"
set logscale xy
set xtics ("64 B" 64, "256 B" 256, "1 KiB" 1024, "4 KiB" 4096, "16 KiB" 16384, "64 KiB" 65536)
set xlabel "block"
set ylabel "MB/s"
set xrange [48:87381]
set grid
set key above
plot "bench.dat" using 1:4 with linespoints linewidth 2 title "null driver (hw_random's ceiling)", \
	"" using 1:3 with linespoints linewidth 2 title "virtio-rng-ext", \
	"" using 1:2 with linespoints linewidth 2 title "in-tree virtio-rng"
