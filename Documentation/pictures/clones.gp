# SPDX-License-Identifier: GPL-2.0
# Two clones of one snapshot: which of the blocks that they draw are the same.
# The figures are in clones.dat, which says how they were measured.
set terminal svg noenhanced size 760,330 font "Arial,13" background "white"
set output "clones.svg"
stats "clones.dat" index 0 using ($4 == 1 ? $3 : 0) name "SAME" nooutput
stats "clones.dat" index 1 using 2 name "TOLD" nooutput
end = 1.4 * (SAME_max > TOLD_max ? SAME_max : TOLD_max)
set xrange [0:end]
set yrange [0.2:5.9]
set xlabel "16-byte blocks that a clone has drawn since it resumed"
set border 1
set xtics nomirror out
set ytics nomirror scale 0 ("clone 2" 1, "clone 1" 2, "clone 2" 4, "clone 1" 5)
set key above width -2 samplen 2
set style fill solid noborder
lane(y) = y + (y > 2)
set label "in-tree driver alone: no program is told" at graph 0.01, first 5.62
set label "with vmgenid-ext: /dev/sysgenid tells the program" at graph 0.01, first 2.62
plot "clones.dat" index 0 using ($4 == 1 ? ($2 + $3) / 2.0 : NaN):(lane($1)):2:3:(lane($1) - 0.33):(lane($1) + 0.33) \
		with boxxyerror linecolor rgb "#c43c39" title "the other clone drew the same", \
	"" index 0 using ($4 == 0 ? ($2 + $3) / 2.0 : NaN):(lane($1)):2:($3 < end ? $3 : end):(lane($1) - 0.33):(lane($1) + 0.33) \
		with boxxyerror linecolor rgb "#b9d8a8" title "different in each clone", \
	"" index 1 using 2:(lane($1) - 0.42):(0):(0.84) \
		with vectors nohead linewidth 3 linecolor rgb "#1f4e79" title "the program sees the new generation"
