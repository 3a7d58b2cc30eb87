# SPDX-License-Identifier: GPL-2.0
"""Boots a guest and runs a script in it: the work behind scripts/vm, which documents it."""

import argparse
import fcntl
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

import image
import tsc
from modules import ModuleTree
from qemu import SHARE_ADDRESS, SHARE_SIZE, Arguments, QemuError, knows_commonhv
from run import Run

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.environ["TOP"]
PAGE = 4096
INITRAMFS_END = 512     # how much of the last page it fills
INITRAMFS_ARGUMENTS = "rdinit=/.vm/init"
KERNEL_ARGUMENTS = ("console=ttyS0 panic=-1 oops=panic panic_on_warn=1 "
                    # On a busy host clocks look bad, and processors stuck.
                    "tsc=reliable no_timer_check "
                    "watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=120 "
                    # Long under emulation, and not what is tested.
                    "cryptomgr.notests")
DIRECTORIES = ("bin", "dev", "etc", "lib", "modules", "proc", "root", "sys", "tmp", ".vm")
EXIT_SILENT = 125


def fail(text):
    print(f"vm: {text}", file=sys.stderr)
    sys.exit(1)


def script_output(script, *args):
    """What one of the project's scripts prints; it has said why if it fails."""
    done = subprocess.run([os.path.join(TOP, script), *args], check=False,
                          stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout.strip()


def find_qemu():
    default = os.path.join(TOP, "build/qemu/qemu-system-x86_64")
    qemu = shutil.which(os.environ.get("QEMU", default))
    if not qemu:
        fail("no QEMU: build it with hypervisor/build, or name one in $QEMU")
    return qemu


def find_kernel(options, qemu):
    """The file to boot, and the directory of its modules (None if there is none)."""
    if os.path.isfile(options.kernel):
        return options.kernel, None
    directory = script_output("scripts/kernel", options.kernel)
    # An emulated processor takes seconds to unpack a kernel; QEMU can boot one
    # that is unpacked if it has the firmware for that.
    pvh = any(os.path.exists(os.path.join(share, "pvh.bin"))
              for share in (firmware(qemu), "/usr/share/qemu"))
    image = os.path.join(directory, "vmlinux")
    if options.bzimage or not pvh or not os.path.exists(image):
        image = os.path.join(directory, "vmlinuz")
    return image, os.path.join(directory, "modules")


def firmware(qemu):
    return os.path.join(os.path.dirname(qemu), "share")


def parse(argv):
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, prog="scripts/vm",
                                     usage="see scripts/vm --help")
    parser.add_argument("--kernel", default="6.1")
    parser.add_argument("--cpu")
    parser.add_argument("--smp", default="1")
    parser.add_argument("--mem", default="512")
    parser.add_argument("--machine", default="pc")
    parser.add_argument("--accel", default=os.environ.get("ACCEL", "tcg"))
    parser.add_argument("--qemu", action="append", default=[])
    parser.add_argument("--append", action="append", default=[])
    parser.add_argument("--module", action="append", default=[])
    parser.add_argument("--file", action="append", default=[])
    parser.add_argument("--program", action="append", default=[])
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--log")
    parser.add_argument("--early", action="store_true")
    parser.add_argument("--bzimage", action="store_true")
    parser.add_argument("--uefi", action="store_true")
    parser.add_argument("--disk", type=int, default=0)
    parser.add_argument("--image")
    parser.add_argument("--share", action="store_true")
    parser.add_argument("--results", action="store_true")
    parser.add_argument("script")
    parser.add_argument("args", nargs=argparse.REMAINDER)
    options = parser.parse_args(argv)
    # The counts of lines that ran come to the host that way.
    options.share = options.share or options.kernel == "gcov"
    return options


def write(root, path, content):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def copy(source, root, path):
    """A file, or a directory with what is in it; links are followed."""
    target = os.path.join(root, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.isdir(source):
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)


def carry(root, option, item):
    """A file as SRC[:DST] names it; returns SRC."""
    source, _, target = item.partition(":")
    if not os.path.exists(source):
        fail(f"{option} {source}: there is no such file")
    copy(source, root, (target or os.path.basename(source)).lstrip("/"))
    return source


def libraries(program):
    """The libraries and the loader of a program; none if it is static."""
    run = subprocess.run(["ldd", program], text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, check=False)
    if "not a dynamic executable" in run.stdout:
        return []
    if run.returncode or "not found" in run.stdout:
        fail(f"--program {program}: its libraries are not there:\n{run.stdout}")
    return re.findall(r"(/\S+) \(0x", run.stdout)


def carry_modules(root, options, modules_dir):
    """Module files to /modules/NAME.ko; /modules/NAME.order says what to insert before."""
    tree = None
    for module in options.module:
        if os.path.isfile(module):
            copy(module, root, "modules/" + os.path.basename(module))
            continue
        if "/" in module or module.endswith(".ko"):
            fail(f"no file '{module}'; are the modules built (scripts/build)?")
        if not modules_dir:
            fail(f"--module {module} needs a --kernel with modules, not a file")
        tree = tree or ModuleTree(modules_dir)
        loads = tree.load(module)
        for name, content in loads:
            if not os.path.exists(os.path.join(root, f"modules/{name}.ko")):
                write(root, f"modules/{name}.ko", content)
        write(root, f"modules/{module}.order", "".join(name + "\n" for name, _ in loads))


def make_root(options, modules_dir, root):
    """What the guest gets from here, whatever it boots from."""
    for name in "init", "service", "functions":
        copy(os.path.join(HERE, "guest", name), root, ".vm/" + name)
    copy(os.path.join(HERE, "guest/vmctl"), root, "bin/vmctl")
    for directory in "tests/guest/lib", "tests/lib":
        copy(os.path.join(TOP, directory), root, "lib")
    copy(options.script, root, ".vm/script")
    write(root, ".vm/config", f"EARLY={'yes' if options.early else ''}\n"
                              f"SHARE={SHARE_ADDRESS if options.share else ''}\n")
    write(root, ".vm/run", f"exec sh /.vm/script {shlex.join(options.args)}\n")
    carry_modules(root, options, modules_dir)
    for item in options.file:
        carry(root, "--file", item)
    for item in options.program:
        for library in libraries(carry(root, "--program", item)):
            copy(library, root, library.lstrip("/"))


def make_initramfs(root, path):
    """Device nodes are made in the guest, as that takes root."""
    for directory in DIRECTORIES:
        os.makedirs(os.path.join(root, directory), exist_ok=True)
    busybox = script_output("scripts/lib/busybox")
    copy(busybox, root, "bin/busybox")
    for applet in subprocess.check_output([busybox, "--list"], text=True).split():
        if applet != "busybox":
            os.symlink("busybox", os.path.join(root, "bin", applet))
    with open(path, "wb") as file:
        subprocess.run("find . | cpio -o -H newc -R 0:0 --quiet", shell=True, check=True, cwd=root,
                       stdout=file)
        # QEMU puts it into the last pages of RAM. On microvm the firmware then puts the ACPI
        # tables at the end of the last page, over whatever is there.
        file.write(bytes((INITRAMFS_END - file.tell()) % PAGE))


def firmware_arguments(options, qemu):
    """SeaBIOS unless another is asked for. What OVMF stores is lost when QEMU ends."""
    words = ["-L", firmware(qemu)] if os.path.isdir(firmware(qemu)) else []
    if options.uefi:
        for unit, name in enumerate(("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd")):
            words += ["-drive", f"if=pflash,unit={unit},format=raw,snapshot=on,"
                                f"file={os.path.join(firmware(qemu), name)}"]
    return words


def disk_arguments(name, path):
    return ["-drive", f"if=none,id={name},format=raw,cache=unsafe,file={path}",
            "-device", f"virtio-blk-pci,drive={name}"]


def prepare_boot(options, qemu, work):
    """What the guest boots from: QEMU's arguments for it, and for its disks; arguments for the
    kernel; and the disk image, if it boots from one."""
    kernel, modules_dir = (None, None) if options.image else find_kernel(options, qemu)
    root = os.path.join(work, "root")
    make_root(options, modules_dir, root)
    if options.image:
        script = os.path.join(work, "script.tar")
        image.make_script_disk(root, script)
        system = image.Image(options.image, work)
        return (system.boot_words(),
                disk_arguments("vda", options.image) + disk_arguments("vdb", script),
                image.ROOT, system)
    initramfs = os.path.join(work, "initramfs")
    make_initramfs(root, initramfs)
    disks = []
    if options.disk:
        path = os.path.join(work, "vda")
        with open(path, "wb") as file:
            file.truncate(options.disk << 20)
        disks = disk_arguments("vda", path)
    return ["-kernel", kernel, "-initrd", initramfs], disks, INITRAMFS_ARGUMENTS, None


def machine_arguments(options, qemu, boot, disks, kernel_arguments):
    cpu = options.cpu or ("max,commonhv=on" if knows_commonhv(qemu) else "max")
    share = [f"memmap={SHARE_SIZE:#x}${SHARE_ADDRESS:#x}"] if options.share else []
    khz = tsc.khz() if options.accel.startswith("tcg") else None
    clock = [f"tsc_early_khz={khz}"] if khz else []
    words = ["-machine", options.machine, "-accel", options.accel, "-smp", options.smp,
             "-m", options.mem, "-append",
             " ".join([KERNEL_ARGUMENTS, kernel_arguments, *clock, *share, *options.append])]
    words += firmware_arguments(options, qemu) + disks
    return Arguments(cpu, words, boot,
                     [word for item in options.qemu for word in shlex.split(item)])


def prepare_log(options):
    log = options.log or os.path.join(
        TOP, "build/logs", re.sub(r"\.sh$", "", os.path.basename(options.script)))
    os.makedirs(log, exist_ok=True)
    lock = open(os.path.join(log, ".lock"), "w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fail(f"another run writes its logs to {log}; give --log DIR")
    for name in os.listdir(log):
        if re.match(r"(console|control|qemu)(-\d)?\.log$|cmdline$", name):
            os.unlink(os.path.join(log, name))
    return log, lock


def main():
    options = parse(sys.argv[1:])
    if not os.path.isfile(options.script):
        fail(f"no script '{options.script}'")
    if options.image and not os.path.isfile(options.image):
        fail(f"no disk image '{options.image}'; tests/debian/image makes one")
    qemu = find_qemu()
    # An interrupted run must still end its QEMUs: let the finally clauses run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    log, _lock = prepare_log(options)
    work = tempfile.mkdtemp(prefix="vm-")
    try:
        boot, disks, kernel_arguments, system = prepare_boot(options, qemu, work)
        arguments = machine_arguments(options, qemu, boot, disks, kernel_arguments)
        return Run(qemu, arguments, log, work, options, system).execute()
    except (QemuError, LookupError, OSError) as error:
        print(f"vm: {error}; logs in {log}", file=sys.stderr)
        return EXIT_SILENT
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
