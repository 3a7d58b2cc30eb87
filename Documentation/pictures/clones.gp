# SPDX-License-Identifier: GPL-2.0
# Two clones of one snapshot: which of the blocks that they draw are the same.
# The figures are in clones.dat, which says how they were measured.
set terminal svg noenhanced size 760,440 font "Arial,13" background "white"
set output "clones.svg"
stats "clones.dat" index 1 using 2 name "TOLD" nooutput
end = TOLD_max > 1250 ? 1.6 * TOLD_max : 2000
set xrange [0:end]
set yrange [0.3:12.2]
set xlabel "16-byte blocks that a clone has drawn since it resumed"
set border 1
set xtics nomirror out
set ytics nomirror scale 0 ("kernel RNG, clone 1" 10.5, "clone 2" 9.5, "program's own, clone 1" 8.2, \
	"clone 2" 7.2, "kernel RNG, clone 1" 4.3, "clone 2" 3.3, "program's own, clone 1" 2, "clone 2" 1)
set key above width -6 samplen 2
set style fill solid noborder
# Pairs stand together, and the two cases apart.
lane(y) = y + (y > 2) * 0.3 + (y > 4) * 1.9 + (y > 6) * 0.3
set label "in-tree driver alone: no program is told" at graph 0.01, first 11.5
set label "with vmgenid-ext: /dev/sysgenid tells the program" at graph 0.01, first 5.3
shown(x) = x < end ? x : end
plot "clones.dat" index 0 using ($4 == 1 && $2 < end ? $2 : NaN):(lane($1)):2:(shown($3)):(lane($1) - 0.38):(lane($1) + 0.38) \
		with boxxyerror linecolor rgb "#c43c39" title "the other clone drew the same", \
	"" index 0 using ($4 == 0 && $2 < end ? $2 : NaN):(lane($1)):2:(shown($3)):(lane($1) - 0.38):(lane($1) + 0.38) \
		with boxxyerror linecolor rgb "#b9d8a8" title "different in each clone", \
	"" index 1 using 2:(lane($1) - 0.46):(0):(0.92) \
		with vectors nohead linewidth 3 linecolor rgb "#1f4e79" title "the program is told"
