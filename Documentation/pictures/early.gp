# SPDX-License-Identifier: GPL-2.0
# When the kernel's RNG is ready: since the kernel's start, and since the load began.
# early.dat says how it was measured, and what its columns are. scripts/bench --early draws
# its own figures with this too, and sets "figures" and "picture".
if (!exists("figures")) figures = "early.dat"
if (!exists("picture")) picture = "early.svg"
set terminal svg noenhanced size 900,330 font "Arial,13" background "white"
set output picture
stats figures using 2 name "START" nooutput
stats figures using 6 name "LOAD" nooutput
rows = START_records
set style fill solid noborder
set boxwidth 0.6
set yrange [rows - 0.4 : -0.6]
set xtics out nomirror
set ytics nomirror scale 0
set grid xtics
set border 1
unset key
color(reached) = reached == 1 ? 0x5b8c5a : 0xd9a441
# A title or a figure, at the end of its bar.
text(ms) = ms < 1000 ? sprintf("%.1f ms", ms) : sprintf("%.2f s", ms / 1000)
shown(ms, reached) = (reached == 1 ? "" : "more than ") . text(ms)
set multiplot
set tmargin 3
set bmargin 3
set lmargin at screen 0.22
set rmargin at screen 0.53
set title "kernel start to \"crng init done\", s"
set xrange [0 : START_max * 1.75 / 1000]
plot figures using ($2 / 1000 / 2):0:($2 / 1000 / 2):(0.3):(color($5)):ytic(1) \
		with boxxyerror linecolor rgb variable, \
	"" using ($2 / 1000):0:(shown($2, $5)) with labels left offset 1,0
set lmargin at screen 0.57
set rmargin at screen 0.98
set title "begin of the load (or of the wait) to it, ms"
set logscale x
set xrange [1 : LOAD_max * 60]
set xtics ("1" 1, "10" 10, "100" 100, "1000" 1000, "10000" 10000)
set ytics format ""
set arrow from 5, graph 0 to 5, graph 1 nohead dashtype 2 linecolor rgb "#c43c39" front
set label "target" at 5, graph 1.0 center offset 0,0.5 textcolor rgb "#c43c39"
plot figures using 6:0:(1):6:($0 - 0.3):($0 + 0.3):(color($9)) \
		with boxxyerror linecolor rgb variable, \
	"" using 6:0:7:8 with xerrorbars pointtype 0 linecolor rgb "#333333", \
	"" using ($8 > $6 ? $8 : $6):0:(shown($6, $9)) with labels left offset 1,0
unset multiplot
