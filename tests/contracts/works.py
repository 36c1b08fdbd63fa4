"""Works for the contract of runtimes, run at the other side: good ones, and every bad one."""

# ruff: noqa: ASYNC221, ASYNC222, ASYNC251, BLE001 - blocking, catching and printing is the point

import asyncio
import ctypes
import json
import mmap
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
import threading
import time

leaked = []


def describe_error(error):
    return f"described: {error}".encode()


async def echo(payload, call):
    return payload


async def pid(payload, call):
    return str(os.getpid()).encode()


async def environment(payload, call):
    return json.dumps(dict(os.environ)).encode()


async def modules(payload, call):
    return json.dumps(sorted(sys.modules)).encode()


async def nap(payload, call):
    await call("started", payload)
    await asyncio.sleep(0.02)
    return str(os.getpid()).encode()


async def knock(payload, call):
    """Call the door named by the payload."""
    return await call(payload.decode(), b"knock")


async def knock_at_once(payload, call):
    """Call a door many times at once; the answers in the order of the calls."""
    answers = await asyncio.gather(*(call("slow", str(n).encode()) for n in range(100)))
    return b",".join(answers)


async def knock_from_a_thread(payload, call):
    """Call a door from a thread that has a loop of its own, while the main loop stands still."""
    answers = []

    async def ask():
        answers.append(await call("echo", payload))

    thread = threading.Thread(target=lambda: asyncio.run(ask()))
    thread.start()
    thread.join()
    return answers[0]


async def leave_a_task(payload, call):
    """Leave a task behind that would go on during the next work."""
    leaked.append(asyncio.create_task(asyncio.sleep(0.05)))
    return b""


async def look_at_the_task(payload, call):
    await asyncio.sleep(0.1)
    return b"cancelled" if leaked[0].cancelled() else b"went on"


async def shout(payload, call):
    """Call a door, then die before anything can be awaited."""
    call("heard", payload)
    os._exit(3)


async def tell_and_fail(payload, call):
    """Have the parent find a call and the work's end at once, after it stood still for a while."""
    call("stall", b"")
    call("heard", payload)
    raise LookupError


async def not_bytes(payload, call):
    return 1


async def fail(payload, call):
    raise LookupError(payload.decode())


async def unspeakable(payload, call):
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    raise Mute


async def leave(payload, call):
    sys.exit(4)


async def half_a_character(payload, call):
    raise ValueError("\ud800")


async def too_large(payload, call):
    return bytes(257 * 1024 * 1024)


# Ways to die.


async def segfault(payload, call):
    ctypes.string_at(0)


async def exit_silently(payload, call):
    os._exit(0)


async def kill_itself(payload, call):
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


async def abort(payload, call):
    os.abort()


async def kill_the_keeper(payload, call):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


async def hang_up(payload, call):
    _socket().shutdown(socket.SHUT_RDWR)
    time.sleep(60)


async def close_everything(payload, call):
    os.closerange(3, 1000)
    return b"unheard"


async def talk_nonsense(payload, call):
    _socket().sendall(b"\0\0\0\4nons")
    time.sleep(60)


async def promise_too_much(payload, call):
    _socket().sendall(b"\xff\xff\xff\xff")
    time.sleep(60)


def _socket():
    for fd in range(3, 100):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                found = socket.socket(fileno=os.dup(fd))
                if found.getpeername() == "" and fd == int(sys.argv[1]):
                    return found
                found.close()
        except OSError:
            pass
    raise LookupError


# Ways to use too much.


async def spin(payload, call):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


async def spin_in_a_subprocess(payload, call):
    subprocess.run([sys.executable, "-S", "-c", "while True: pass"], check=True)


async def spin_in_short_subprocesses(payload, call):
    code = "import time\nwhile time.process_time() < .06: pass"
    while True:
        subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


async def spin_in_short_daemons(payload, call):
    """Use CPU time in processes of no parent, each far below the limit."""
    while True:
        if os.fork() == 0:
            if os.fork() == 0:
                while time.process_time() < 0.15:
                    pass
            os._exit(0)
        os.wait()
        time.sleep(0.2)


async def sleep_for_ever(payload, call):
    await call("started", str(os.getpid()).encode())
    await asyncio.sleep(3600)


async def block_for_ever(payload, call):
    await call("started", str(os.getpid()).encode())
    time.sleep(3600)


async def hold_the_interpreter(payload, call):
    """Block in native code that lets no other thread of Python run."""
    await call("started", str(os.getpid()).encode())
    ctypes.PyDLL(None).sleep(3600)


async def ignore_sigterm(payload, call):
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    time.sleep(3600)


async def refuse_to_be_cancelled(payload, call):
    while True:
        try:
            await asyncio.sleep(3600)
        except BaseException:
            await call("refused", b"")


async def stop_itself(payload, call):
    os.kill(os.getpid(), signal.SIGSTOP)


async def stop_the_keeper(payload, call):
    await _daemonize(call)
    os.kill(os.getppid(), signal.SIGSTOP)
    time.sleep(3600)


async def allocate_fast(payload, call):
    blocks = []
    while True:
        blocks.append(b"x" * 1_000_000)


async def allocate_at_once(payload, call):
    return bytearray(100 * 1024**3)


async def reserve_much(payload, call):
    """Ask for more than the kernel's own limit allows, without touching it."""
    mmap.mmap(-1, (os.cpu_count() + 2) * 512 * 1024 * 1024)
    return b""


async def allocate_slowly(payload, call):
    blocks = []
    while True:
        blocks.append(b"x" * 1_000_000)
        await asyncio.sleep(0.001)


async def allocate_in_a_subprocess(payload, call):
    code = "import time\nblock = b'x' * 200_000_000\ntime.sleep(60)"
    subprocess.run([sys.executable, "-S", "-c", code], check=True)


async def share_by_fork(payload, call):
    """Use 150 MB, shared by four processes for a while."""
    block = b"x" * 150_000_000
    twins = []
    for _ in range(3):
        twin = os.fork()
        if twin == 0:
            time.sleep(0.3)
            os._exit(0)
        twins.append(twin)
    for twin in twins:
        os.waitpid(twin, 0)
    return str(len(block)).encode()


async def remember(payload, call):
    """Leak as many MB as the payload says."""
    leaked.append(b"x" * (int(payload) * 1_000_000))
    return str(os.getpid()).encode()


async def absurd_without_limit(payload, call):
    raise MemoryError("too large")


async def use_cpu(payload, call):
    """Use as many seconds of CPU time as the payload says."""
    until = time.process_time() + float(payload)
    while time.process_time() < until:
        pass
    return str(os.getpid()).encode()


async def cpu_limit(payload, call):
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    return json.dumps([soft, hard]).encode()


# Ways to leave something behind.


async def _daemonize(call):
    """Start a daemon the classic way and tell its pid."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.write(write, str(os.getpid()).encode())
            time.sleep(3600)
        os._exit(0)
    await call("daemon", os.read(read, 20))


async def daemonize_and_return(payload, call):
    await _daemonize(call)
    return str(os.getpid()).encode()


async def daemonize_and_raise(payload, call):
    await _daemonize(call)
    raise LookupError


async def daemonize_and_exit(payload, call):
    await _daemonize(call)
    os._exit(0)


async def daemonize_and_sleep(payload, call):
    await _daemonize(call)
    await call("started", str(os.getpid()).encode())
    await asyncio.sleep(3600)


async def fork_and_return_twice(payload, call):
    if os.fork():
        time.sleep(0.1)
    return str(os.getpid()).encode()


async def print_much(payload, call):
    """Print 10 MB in lines, 10 MB without a line's end, and control characters."""
    print("first \x1b[31m line")
    for _ in range(1000):
        print("x" * 9_999 + "\n", end="")
    os.write(2, b"y" * 10_000_000)
    return b"printed"
