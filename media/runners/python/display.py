"""How values are shown: as text like an interactive interpreter, or as a picture or HTML when they know how to."""
import base64
import importlib.abc
import importlib.util
import io
import sys

_IMAGES = (("_repr_png_", "image/png"), ("_repr_jpeg_", "image/jpeg"))


class Display:
    def __init__(self, channel):
        self._channel = channel

    def show(self, value):
        """Shows the value of a run's last expression."""
        if value is None:
            return
        if not self._show_rich(value):
            sys.stdout.write(repr(value))

    def display(self, *values, **_options):
        """What programs call as `display(...)`."""
        for value in values:
            if not self._show_rich(value):
                sys.stdout.write("%r\n" % (value,))

    def figures(self):
        """Sends and closes the open matplotlib figures."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        for number in pyplot.get_fignums():
            picture = io.BytesIO()
            pyplot.figure(number).savefig(picture, format="png", bbox_inches="tight")
            self._image("image/png", picture.getvalue())
        pyplot.close("all")

    def _show_rich(self, value):
        if isinstance(value, type):
            return False
        for method, mime in _IMAGES:
            data = _call(value, method)
            if data is not None:
                self._image(mime, data)
                return True
        svg = _call(value, "_repr_svg_")
        if svg is not None:
            self._channel.send_ordered({"op": "media", "mime": "image/svg+xml", "data": svg})
            return True
        html = _call(value, "_repr_html_")
        if html is not None:
            self._channel.send_ordered({"op": "html", "data": html})
            return True
        return False

    def _image(self, mime, data):
        if isinstance(data, str):  # IPython's Image gives base64 text
            text = data.replace("\n", "")
        else:
            text = base64.b64encode(data).decode("ascii")
        self._channel.send_ordered({"op": "media", "mime": mime, "data": "data:%s;base64,%s" % (mime, text)})


def _call(value, method):
    function = getattr(value, method, None)
    if not callable(function):
        return None
    try:
        result = function()
    except Exception:  # a value that can't show itself this way is shown another way
        return None
    if isinstance(result, tuple):  # (data, metadata)
        result = result[0]
    return result if isinstance(result, (str, bytes)) else None


def hook_imports(display):
    """Puts our way of showing into matplotlib and IPython as soon as a program imports them."""

    def pyplot(module):
        module.switch_backend("Agg")
        module.show = lambda *_a, **_k: display.figures()

    def ipython(module):
        module.display = display.display

    hooks = {
        "matplotlib.pyplot": pyplot,
        "IPython.display": ipython,
        "IPython.core.display_functions": ipython,
    }
    sys.meta_path.insert(0, _AfterImport(hooks))


class _AfterImport(importlib.abc.MetaPathFinder):
    def __init__(self, hooks):
        self._hooks = hooks

    def find_spec(self, name, _path=None, _target=None):
        hook = self._hooks.pop(name, None)  # popped: the search below must not come here again
        if hook is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return None
        original = spec.loader.exec_module

        def exec_module(module):
            original(module)
            try:
                hook(module)
            except Exception:  # a version that differs: shown as text then
                pass

        spec.loader.exec_module = exec_module
        return spec
