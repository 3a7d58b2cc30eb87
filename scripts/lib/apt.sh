# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
#
# apt.sh - packages: installed on the machine, or only fetched into the cache.
#
# Fetching works without root and changes nothing under /etc or /var: apt runs
# on a state directory in the cache, with the machine's own sources and proxies.
# Source packages need deb-src entries, which most machines do not have; they
# are derived from the deb entries that are there. Packages of another release
# than the machine's come by a list of their own: see apt_release.

APT_DIR=$CACHE/apt
APT_RELEASE=		# what apt_release was told; empty for the machine's own
APT_MAX_AGE=1440	# minutes after which the package lists are renewed

is_debian()
{
	[ -e /etc/debian_version ] && command -v apt-get >/dev/null
}

# need_packages WHY PKG...: makes sure that the packages are installed.
need_packages()
(
	why=$1 missing=
	shift
	is_debian || die "$why: this distribution has no apt; install by hand what Debian calls: $*"
	for pkg; do
		case $(dpkg-query -W -f '${db:Status-Abbrev}' "$pkg" 2>/dev/null) in
		?i*) ;;
		*) missing="$missing $pkg" ;;
		esac
	done
	[ "$missing" ] || exit 0
	sudo=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
			die "$why: as root, run: apt-get install$missing"
		sudo=sudo
	fi
	say "installing$missing ($why)"
	# Any question for a password now, not below the progress display.
	[ ! "$sudo" ] || sudo -v || die "$why: could not become root to install$missing"
	log=$CACHE/logs/apt-install.log
	# shellcheck disable=SC2086
	set -- $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
		-o DPkg::Lock::Timeout=600 -o APT::Install-Recommends=false
	# A machine that has just been installed has no package lists: nothing to report.
	# shellcheck disable=SC2086
	if "$@" --simulate install $missing >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		run_logged "apt-get install" "$log" "$@" install $missing && exit 0
	fi
	# They may be out of date. A third party's archive may be out of order: not our concern.
	run_logged "apt-get update" "$log" "$@" update || :
	# shellcheck disable=SC2086
	run_logged "apt-get install" "$log" "$@" install $missing ||
		die "could not install:$missing"
)

# apt_release CODENAME: from here on, packages are fetched from this release of
# Debian. Where the machine has another one, they come from the same archives,
# by a list in the cache; the machine's own sources stay as they are.
apt_release()
{
	[ "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" != "$1" ] || return 0
	APT_DIR=$CACHE/packages-$1
	APT_RELEASE=$1
}

apt_write_conf()
{
	mkdir -p "$APT_DIR/lists/partial" "$APT_DIR/archives/partial"
	status=/var/lib/dpkg/status
	if [ "$APT_RELEASE" ]; then
		# What the machine has installed says nothing about what to fetch.
		status=$APT_DIR/status
		: >"$status"
	fi
	# The machine's hooks (caches of graphical package managers and the like) are not for us.
	cat >"$APT_DIR/apt.conf" <<-CONF
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		Dir::State "$APT_DIR";
		Dir::State::lists "$APT_DIR/lists";
		Dir::State::status "$status";
		Dir::Cache "$APT_DIR";
		Acquire::Languages "none";
		Acquire::Retries "3";
		APT::Sandbox::User "$(id -un)";
		${APT_RELEASE:+#clear APT::Default-Release;}
	CONF
}

apt_sources_option()
{
	# Only Debian's own archive, once it is known which of the sources that is.
	[ ! -d "$APT_DIR/sources" ] ||
		echo "-o Dir::Etc::sourcelist=- -o Dir::Etc::sourceparts=$APT_DIR/sources"
}

apt_run()
(
	cmd=$1
	shift
	# shellcheck disable=SC2046
	"$cmd" -q -c "$APT_DIR/apt.conf" $(apt_sources_option) "$@"
)

# Copies of those source files that name Debian's archive, with deb-src added.
# Works on lists that were read before; which archive an entry leads to is
# known from its Release file only.
apt_debian_sources()
(
	new=$(mktemp -d "$APT_DIR/sources.XXXXXX")
	if [ "$APT_RELEASE" ]; then
		apt_release_sources >"$new/$APT_RELEASE.sources"
		[ -s "$new/$APT_RELEASE.sources" ] || rm "$new/$APT_RELEASE.sources"
	else
		apt_machine_sources "$new"
	fi
	rmdir "$new" 2>/dev/null && die "this machine's apt sources have no Debian archive that answers"
	mv "$new" "$APT_DIR/sources"
)

apt_machine_sources()
{
	apt_run apt-get indextargets 'Created-By: Packages' 'Origin: Debian' |
		sed -n 's/^Sourcesentry: \(.*\):[0-9]*$/\1/p' | sort -u |
		while read -r file; do
			sed -e '/^deb-src/d' -e 's/^deb\([[:space:]].*\)/&\ndeb-src\1/' \
				-e 's/^Types:.*/Types: deb deb-src/' "$file" >"$1/${file##*/}"
		done
}

# The archives that the machine uses, with the suites of another release.
apt_release_sources()
{
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	# shellcheck disable=SC2016
	apt_run apt-get indextargets --format '$(LABEL) $(REPO_URI)' \
		'Created-By: Packages' 'Origin: Debian' | sort -u |
		while read -r label archive; do
			case $APT_RELEASE/$label in
			sid/Debian) suites=sid ;;
			sid/*) continue ;;
			*/Debian) suites="$APT_RELEASE $APT_RELEASE-updates" ;;
			*/Debian-Security) suites=$APT_RELEASE-security ;;
			*) continue ;;
			esac
			echo "Types: deb deb-src"
			echo "URIs: $archive"
			echo "Suites: $suites"
			echo "Components: main"
			[ ! -e "$keyring" ] || echo "Signed-By: $keyring"
			echo
		done
}

# apt_update [force]: renews the private package lists, at most once a day
# unless forced. Offline, old lists do.
apt_update()
(
	is_debian || die "this needs Debian's apt, to fetch packages with"
	mkdir -p "$APT_DIR"
	exec 9>"$APT_DIR/lock"
	flock 9
	[ "${1-}" ] || [ ! "$(find "$APT_DIR/stamp" -mmin -$APT_MAX_AGE 2>/dev/null)" ] || exit 0
	apt_write_conf
	rm -rf "$APT_DIR/sources"
	# A third party's archive may be out of order: not our concern.
	run_logged "reading the package lists" "$APT_DIR/update.log" \
		apt_run apt-get update || :
	apt_debian_sources
	if run_logged "reading the source package lists" "$APT_DIR/update.log" \
			apt_run apt-get update; then
		touch "$APT_DIR/stamp"
	elif [ -e "$APT_DIR/stamp" ]; then
		warn "the package lists could not be renewed; going on with the old ones"
	else
		die "the package lists could not be read; is this machine online?"
	fi
)

# apt_archive LABEL: the address of the machine's archive that calls itself Debian or
# Debian-Security; nothing if there is none. Works on lists that were read before.
apt_archive()
(
	# shellcheck disable=SC2016
	apt_run apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		'Origin: Debian' "Label: $1" | head -n 1
)

# deb_version PKG: the newest version, with lists as fresh as apt_update keeps them.
deb_version()
(
	apt_update
	version=$(apt_run apt-cache show --no-all-versions "$1" 2>/dev/null |
		sed -n 's/^Version: //p' | head -n 1)
	[ "$version" ] || die "no package $1 in this machine's apt sources"
	echo "$version"
)

# deb_fetch DIR PKG[=VERSION]...: downloads packages and prints their paths.
deb_fetch()
(
	dir=$1
	shift
	mkdir -p "$dir"
	for pkg; do
		name=${pkg%%=*} version=
		case $pkg in
		*=*) version=${pkg#*=} ;;
		*) version=$(deb_version "$name") || exit 1 ;;
		esac
		safe=$(printf '%s' "$version" | sed 's/:/%3a/g')
		if ! ls "$dir/${name}_${safe}_"*.deb 2>/dev/null; then
			deb_fetch_one "$dir" "$name=$version" || exit 1
			ls "$dir/${name}_${safe}_"*.deb
		fi
	done
)

# The download runs in a directory of its own, so that a .deb under its final
# name is whole, whoever else fetches the same.
deb_fetch_one()
(
	tmp=$(mktemp -d "$1/.fetch.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	cd "$tmp" || exit 1
	log=$CACHE/logs/fetch-$$.log
	apt_update
	if ! run_logged "downloading ${2%%=*}" "$log" apt_run apt-get download "$2"; then
		apt_update force
		run_logged "downloading ${2%%=*}" "$log" apt_run apt-get download "$2" ||
			die "could not download $2"
	fi
	mv ./*.deb "$1/"
	rm -f "$log"
)

# deb_source_version SRCPKG: the newest version of a source package.
deb_source_version()
(
	apt_update
	version=$(apt_run apt-cache showsrc --only-source "$1" 2>/dev/null |
		sed -n 's/^Version: //p' | sort -V | tail -n 1)
	[ "$version" ] || die "no source package $1 in the archive"
	echo "$version"
)

# deb_source DIR SRCPKG[=VERSION]: fetches a source package, unpacks it (with
# Debian's patches applied) below DIR and prints the directory of the sources.
deb_source()
(
	need_packages "unpacks source packages" dpkg-dev xz-utils
	name=${2%%=*}
	case $2 in
	*=*) version=${2#*=} ;;
	*) version=$(deb_source_version "$name") || exit 1 ;;
	esac
	apt_update
	mkdir -p "$1"
	dir=$(cd "$1" && pwd)/$name-$(printf '%s' "$version" | sed 's/^[0-9]*://')
	exec 9>"$1/.$name.lock"
	flock 9
	[ -d "$dir" ] || deb_source_unpack "$dir" "$name=$version"
	echo "$dir"
)

deb_source_unpack()
(
	tmp=$(mktemp -d "$1.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	cd "$tmp" || exit 1
	run_logged "fetching the source of ${2%%=*}" "$CACHE/logs/source-${2%%=*}.log" \
		apt_run apt-get source --only-source "$2" ||
		die "could not fetch the source package $2"
	mv "$tmp"/*/ "$1"
)
