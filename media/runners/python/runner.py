"""The Python side of a session's query mode: one process, one namespace, one run after the other.

Messages (JSON lines over file descriptor 3) are described in src/engine/execution/README.md.
"""
import builtins
import getpass
import os
import signal
import sys
import types

sys.path[0] = os.path.dirname(os.path.abspath(__file__))
from cell import Cells, format_error  # noqa: E402
from channel import Channel, OutputStream, flush_streams  # noqa: E402
from complete import complete  # noqa: E402
from display import Display, hook_imports  # noqa: E402

sys.path[0] = ""


class Runner:
    def __init__(self):
        self.channel = Channel(3)
        self.display = Display(self.channel)
        self.interruptible = False
        main = types.ModuleType("__main__")
        main.__builtins__ = builtins
        main.display = self.display.display
        sys.modules["__main__"] = main
        self.namespace = main.__dict__
        self.cells = Cells(self.namespace)

    def set_up(self):
        os.environ.setdefault("MPLBACKEND", "Agg")
        sys.stdout = sys.__stdout__ = OutputStream(1, "stdout", self.channel)
        sys.stderr = sys.__stderr__ = OutputStream(2, "stderr", self.channel)
        sys.argv = [""]
        builtins.input = self.input
        getpass.getpass = lambda prompt="Password: ", stream=None: self.ask(prompt, True)
        signal.signal(signal.SIGINT, self.on_interrupt)
        hook_imports(self.display)

    def serve(self):
        """Answers the engine's messages until it goes away."""
        while True:
            message = self.channel.receive()
            if message is None:
                os.killpg(os.getpgrp(), signal.SIGKILL)
            elif message["op"] == "hello":
                self.channel.start(message["token"])
                self.channel.send({"op": "ready"})
            elif message["op"] == "run":
                self.channel.send_ordered({"op": "done", "exit": self.run(message["code"])})
            elif message["op"] == "complete":
                self.channel.send({"op": "completions", "id": message["id"], "words": self.words(message)})

    # -- runs

    def run(self, code):
        """Runs `code`; 0, or the exit code that an exception stands for."""
        try:
            exit_code = 0
            try:
                self.interruptible = True
                self.channel.send({"op": "started"})  # from here on an interrupt is heard
                self.display.show(self.cells.run(code))
                self.display.figures()
            except SystemExit as error:
                exit_code = self.on_exit(error)
            except BaseException as error:  # KeyboardInterrupt as well: it ends the run, not the runner
                sys.stderr.write(format_error(error))
                exit_code = 1
            finally:
                self.interruptible = False
        except KeyboardInterrupt as error:  # the interrupt came while the run was ending by itself
            sys.stderr.write(format_error(error))
            exit_code = 1
        flush_streams()
        if not self.channel.is_owner():
            os._exit(exit_code)  # a fork of the runner came to the end of the code
        return exit_code

    @staticmethod
    def on_exit(error):
        code = error.code
        if code is None or isinstance(code, int):
            return (code or 0) & 0xFF
        sys.stderr.write("%s\n" % (code,))
        return 1

    def on_interrupt(self, _number, _frame):
        if self.interruptible and self.channel.may_interrupt():
            raise KeyboardInterrupt

    # -- input

    def input(self, prompt=""):
        return self.ask(prompt, False)

    def ask(self, prompt, is_password):
        if not self.channel.is_owner():
            raise EOFError("a forked process has no input")
        sys.stdout.write(str(prompt))
        self.channel.send_ordered({"op": "input", "password": is_password})
        while True:
            message = self.channel.receive()
            if message is None:
                os.killpg(os.getpgrp(), signal.SIGKILL)
            elif message["op"] == "input":
                return message["text"]

    # -- completion

    def words(self, message):
        try:
            self.interruptible = True
            return complete(message["code"], message["options"], self.namespace)
        except (Exception, KeyboardInterrupt):
            return []
        finally:
            self.interruptible = False


if __name__ == "__main__":
    runner = Runner()
    runner.set_up()
    runner.serve()
