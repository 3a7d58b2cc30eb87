# SPDX-License-Identifier: GPL-2.0
# From when on does a clone know that it is one: by VMClock's counter, and by the generation
# of /dev/sysgenid, where the VM generation ID alone notifies. The figures are in windows.dat, which says how they were measured.
set terminal svg noenhanced size 760,380 font "Arial,13" background "white"
set output "windows.svg"
stats "windows.dat" using 2 name "MS" nooutput
set xrange [-4 : MS_max < 400 ? MS_max * 1.05 : 400]
set yrange [0:106]
set xlabel "ms since the program's first look in the clone"
set ylabel "% of the clones that know"
set border 3
set tics nomirror out
set grid
set key bottom right samplen 2
# The counter is another one at the first look, in all clones.
set arrow from 0,0 to 0,100 nohead linewidth 3 linecolor rgb "#c43c39" front
plot 100 * (x >= 0 ? 1 : NaN) with lines linewidth 3 linecolor rgb "#c43c39" \
		title "VMClock's counter, on each kernel", \
	for [i = 0 : MS_blocks - 1] "windows.dat" index i using 2:1 with steps linewidth 2 \
		title columnheader(1) . ": VM generation ID, by /dev/sysgenid"
