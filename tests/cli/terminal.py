"""Runs a command in a pseudo-terminal: terminal.py COLUMNS EXPECTED INPUT COMMAND...

Writes what the terminal received to the standard output. When EXPECTED (if not empty) has come for the first time, INPUT is typed,
or the terminal is closed if INPUT is HANGUP. Ends with the exit code of the command, as a shell shows it.
"""
import fcntl
import os
import pty
import struct
import sys
import termios

columns, expected, typed, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    # The command waits for its size: the parent sets it before it writes this byte.
    os.read(0, 1)
    os.execvp(command[0], command)
settings = termios.tcgetattr(terminal)
settings[3] &= ~(termios.ECHO | termios.ICANON)
termios.tcsetattr(terminal, termios.TCSANOW, settings)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(columns), 0, 0))
os.write(terminal, b".")
seen = b""
is_typed = expected == ""
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    seen += part
    os.write(1, part)
    if not is_typed and expected.encode() in seen:
        is_typed = True
        if typed == "HANGUP":
            os.close(terminal)
            break
        os.write(terminal, typed.encode())
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
