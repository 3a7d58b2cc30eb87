# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# base.sh - what every script of the project starts from.
#
#	. "$(dirname "$0")/lib/base.sh"
#
# TOP and CACHE are set, and these functions exist:
#
#	say TEXT, warn TEXT, die TEXT	messages; all go to stderr, as stdout
#					carries results (a directory, a path)
#	wrong_usage TEXT		the same, for the exit status 2
#	no_arguments "$@"		what a command without any asks first
#	need_packages WHY PKG...	install what is missing
#	run_logged TITLE LOG CMD...	run with progress, output to a log
#	usage				print the script's head comment (--help)
#	run_python NAME ARG...		go on in a Python program of scripts/lib
#	deb_fetch, deb_source, ...	see apt.sh
#
# Functions that need variables of their own have a subshell for a body, as
# POSIX sh has no local ones.

TOP=${TOP:-$(cd "$(dirname "$0")/.." && pwd)}
while [ ! -e "$TOP/scripts/lib/base.sh" ]; do
	[ "$TOP" != / ] || { echo "base.sh: cannot find the project root" >&2; exit 1; }
	TOP=$(dirname "$TOP")
done

# Some services run without HOME; the password file has it all the same.
base_home()
{
	[ "${HOME-}" ] || HOME=$(getent passwd "$(id -u)" | cut -d : -f 6)
	[ "$HOME" ] || die "there is no HOME: say where downloads and builds are to be kept, with COMMONHV_CACHE=DIR"
	echo "$HOME"
}

# Modules are built below both directories. kbuild splits paths at these characters,
# and what it says then is hard to understand.
base_check_path()
{
	case $2 in
	*[[:space:]:%]*) die "kbuild cannot build modules in a directory whose path has a space, a colon or a percent sign: $1 '$2'" ;;
	esac
}

say()
{
	printf '%s\n' "$*" >&2
}

warn()
{
	printf '%s: warning: %s\n' "${0##*/}" "$*" >&2
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

wrong_usage()
{
	printf '%s: %s; see --help\n' "${0##*/}" "$*" >&2
	exit 2
}

# no_arguments "$@": for a command that has none but --help.
no_arguments()
{
	case ${1-} in
	'') ;;
	-h | --help) usage; exit 0 ;;
	*) wrong_usage "unknown argument $1" ;;
	esac
}

# The comment at the top of the script, from its second paragraph's start (the
# line after the SPDX one) to the first line that is not a comment.
usage()
{
	sed -n '3,/^[^#]/ { /^#/!q; s/^# \{0,1\}//; p; }' "$0"
}

run_python()
{
	command -v python3 >/dev/null || need_packages "runs the tests" python3
	python_program=$TOP/scripts/lib/$1
	shift
	exec python3 "$python_program" "$@"
}

CACHE=${COMMONHV_CACHE:-${XDG_CACHE_HOME:-$(base_home)/.cache}/commonhv} || exit 1
base_check_path "move the checkout," "$TOP"
base_check_path "set COMMONHV_CACHE to another than" "$CACHE"
# What Python programs import from wherever they are; and no __pycache__.
export TOP PYTHONPATH="$TOP/scripts/lib" PYTHONDONTWRITEBYTECODE=1

. "$TOP/scripts/lib/progress.sh"
. "$TOP/scripts/lib/apt.sh"
