"""Counts the owners of the sockets behind the objects of module socket.

Those objects leave a socket to be closed by whoever drops the last reference to it, which here happens at some later
collection. So each of them says when it begins and ends to use a socket; what the last one gives back is closed.
"""


def install(module):
    sockets, files = module._socketobject, module._fileobject
    open_socket, close_socket = sockets.__init__.im_func, sockets.close.im_func
    open_file, close_file = files.__init__.im_func, files.close.im_func

    # The class is asked: what stands for a closed socket raises for every attribute, and a file may wrap any object.
    def taken(sock):
        reuse = getattr(type(sock), '_reuse', None)
        if reuse is not None:
            reuse(sock)

    def given_back(sock):
        drop = getattr(type(sock), '_drop', None)
        if drop is not None:
            drop(sock)

    def __init__(self, family=module.AF_INET, type=module.SOCK_STREAM, proto=0, _sock=None):
        open_socket(self, family, type, proto, _sock)
        taken(self._sock)

    def close(self):
        sock = self._sock
        close_socket(self)
        given_back(sock)

    close.__doc__ = close_socket.__doc__
    sockets.__init__, sockets.close = __init__, close

    def __init__(self, sock, mode='rb', bufsize=-1, close=False):
        open_file(self, sock, mode, bufsize, close)
        taken(sock)

    def close(self):
        sock = self._sock
        try:
            close_file(self)
        finally:
            if sock is not None and self._sock is None:
                given_back(sock)

    files.__init__, files.close = __init__, close
