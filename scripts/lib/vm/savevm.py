# SPDX-License-Identifier: GPL-2.0
"""savevm.py - QEMU's snapshots inside of a disk image: what savevm and loadvm do."""

import os
import time

from qmp import QmpError

NODE, TAG, JOB = "state", "tag", "job"


class Disk:
    """A qcow2 image that holds a snapshot and nothing else."""

    def __init__(self, path):
        self.path = path

    def save(self, qemu):
        """Creates the image; the guest is stopped meanwhile, and goes on."""
        if os.path.exists(self.path):
            raise ValueError("there is a savevm snapshot already")
        _job(qemu, "blockdev-create", options={"driver": "file", "filename": self.path, "size": 0})
        qemu.qmp.command("blockdev-add", **{"node-name": "file", "driver": "file",
                                            "filename": self.path})
        _job(qemu, "blockdev-create", options={"driver": "qcow2", "file": "file", "size": 0})
        qemu.qmp.command("blockdev-add", **{"node-name": NODE, "driver": "qcow2", "file": "file"})
        _job(qemu, "snapshot-save", tag=TAG, vmstate=NODE, devices=[NODE])

    def attach(self, qemu):
        qemu.qmp.command("blockdev-add", **{
            "node-name": NODE, "driver": "qcow2",
            "file": {"driver": "file", "filename": self.path}})

    @staticmethod
    def load(qemu):
        qemu.qmp.command("stop")
        _job(qemu, "snapshot-load", tag=TAG, vmstate=NODE, devices=[NODE])
        qemu.resume()


def _job(qemu, command, **arguments):
    qemu.qmp.command(command, **{"job-id": JOB}, **arguments)
    while True:
        job = next(job for job in qemu.qmp.command("query-jobs") if job["id"] == JOB)
        if job["status"] == "concluded":
            break
        time.sleep(0.05)
    qemu.qmp.command("job-dismiss", id=JOB)
    if "error" in job:
        raise QmpError(f"{command}: {job['error']}")
