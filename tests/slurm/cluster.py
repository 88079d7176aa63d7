"""A throw-away Slurm on this machine: munge, one controller, two nodes; private ports and folders, no systemd."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol")


def missing():
    """Programs that are not there."""
    path = os.environ["PATH"] + ":/usr/sbin"
    return [p for p in PROGRAMS if shutil.which(p, path=path) is None]


def free_ports(count):
    taken = [socket.socket() for _ in range(count)]
    for s in taken:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in taken]
    for s in taken:
        s.close()
    return ports


class Cluster:
    def __init__(self, nodes=2):
        self.nodes = [f"n{i + 1}" for i in range(nodes)]
        self.processes = {}

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="kayoi-slurm-", dir="/tmp")
        os.chmod(self.folder, 0o755)
        self.environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin", "SLURM_CONF": f"{self.folder}/slurm.conf"}
        self.start_munge()
        self.configure()
        self.start("slurmctld", "slurmctld", "-D", "-c", "-f", f"{self.folder}/slurm.conf")
        for node in self.nodes:
            self.start_node(node)
        self.wait(lambda: self.command("sinfo", "-h", "-o", "%t").count("idle") > 0 and self.idle() == len(self.nodes), 60,
                  "the nodes are idle")
        return self

    def __exit__(self, *_):
        for name in reversed(list(self.processes)):
            self.end(name)
        for name in ("slurmctld.log", *(f"{n}.log" for n in self.nodes)):
            path = f"{self.folder}/{name}"
            if os.environ.get("KAYOI_SLURM_LOGS") and os.path.exists(path):
                print("#", open(path, errors="replace").read().replace("\n", "\n# "))
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name, *arguments):
        log = open(f"{self.folder}/{name}.out", "ab")
        self.processes[name] = subprocess.Popen(arguments, env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                                start_new_session=True)
        log.close()

    def end(self, name, by=signal.SIGTERM):
        """Only what this cluster started, by its id."""
        process = self.processes.pop(name)
        if process.poll() is None:
            process.send_signal(by)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def start_munge(self):
        folder = f"{self.folder}/munge"
        os.mkdir(folder, 0o711)
        with open(f"{folder}/key", "wb") as file:
            file.write(os.urandom(1024))
        os.chmod(f"{folder}/key", 0o400)
        self.start("munged", "munged", "-F", "--key-file", f"{folder}/key", "--socket", f"{folder}/socket", "--pid-file",
                   f"{folder}/pid", "--log-file", f"{folder}/log", "--seed-file", f"{folder}/seed")
        self.wait(lambda: os.path.exists(f"{folder}/socket"), 10, "munge listens")

    def configure(self):
        host = socket.gethostname()
        control, *ports = free_ports(1 + len(self.nodes))
        for node in self.nodes:
            os.mkdir(f"{self.folder}/{node}")
        os.mkdir(f"{self.folder}/state")
        lines = ["ClusterName=kayoi", f"SlurmctldHost={host}(127.0.0.1)", f"SlurmctldPort={control}", "SlurmUser=root",
                 "SlurmdUser=root", "AuthType=auth/munge", f"AuthInfo=socket={self.folder}/munge/socket", "CredType=cred/munge",
                 f"StateSaveLocation={self.folder}/state", f"SlurmctldPidFile={self.folder}/slurmctld.pid",
                 f"SlurmctldLogFile={self.folder}/slurmctld.log", f"SlurmdSpoolDir={self.folder}/%n",
                 f"SlurmdPidFile={self.folder}/%n.pid", f"SlurmdLogFile={self.folder}/%n.log", "ProctrackType=proctrack/linuxproc",
                 "TaskPlugin=task/none", "SelectType=select/cons_tres", "SelectTypeParameters=CR_CPU",
                 "JobAcctGatherType=jobacct_gather/none", "JobCompType=jobcomp/filetxt", f"JobCompLoc={self.folder}/jobs.txt",
                 "MpiDefault=none", "ReturnToService=2", "SlurmdTimeout=6", "SlurmctldTimeout=10", "InactiveLimit=0", "KillWait=2",
                 "MessageTimeout=10", "SwitchType=switch/none",
                 "SchedulerParameters=sched_interval=2,bf_interval=2,sched_min_interval=0,requeue_delay=0"]
        for node, port in zip(self.nodes, ports):
            lines.append(f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=1 RealMemory=4000")
        lines.append(f"PartitionName=all Nodes={','.join(self.nodes)} Default=YES MaxTime=INFINITE State=UP")
        with open(f"{self.folder}/slurm.conf", "w") as file:
            file.write("\n".join(lines) + "\n")
        with open(f"{self.folder}/cgroup.conf", "w") as file:
            file.write("CgroupPlugin=cgroup/v1\n")

    def start_node(self, node):
        self.start(node, "slurmd", "-D", "-N", node, "-f", f"{self.folder}/slurm.conf")

    def command(self, *arguments, **more):
        done = subprocess.run(arguments, env={**self.environment, **more}, capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr

    def idle(self):
        return sum(line.split()[1] == "idle" for line in self.command("sinfo", "-h", "-N", "-o", "%N %t").splitlines() if " " in line)

    def queued(self):
        return [line for line in self.command("squeue", "-h", "-a", "-o", "%i %T %r").splitlines() if line.strip()]

    def wait(self, holds, seconds, what):
        until = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > until:
                logs = "\n".join(open(f"{self.folder}/{n}", errors="replace").read()[-1500:] for n in os.listdir(self.folder)
                                 if n.endswith((".log", ".out")))
                raise RuntimeError(f"{seconds} s passed before this: {what}\n{self.command('sinfo', '-N')}\n{logs}")
            time.sleep(0.1)
