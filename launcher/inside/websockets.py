"""Websockets on the web port: the process that gets one hands the open connection to Odoo's websocket process.

With several web workers Odoo wants a proxy in front that sends /websocket to another port. Here the worker looks at the
first bytes of each connection and passes that one on, over a socket pair that both processes inherit.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys

import odoo.service.server as server

REQUESTS = (b'GET /websocket?', b'GET /websocket ')
INHERITED = 'K20_WEBSOCKETS'  # names the file number of the pair's end that the websocket process reads


def install():
    """Teach the processes of a server with workers to hand websockets over; one without them needs no help."""
    if INHERITED in os.environ:
        _serve_handed(int(os.environ.pop(INHERITED)))
    else:
        _hand_over()


def _hand_over():
    """In the main process: keep the pair, pass its reading end on, and let the web workers use the other."""
    writing, reading = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    writing.setblocking(False)  # no worker waits for a websocket process that does not read: the browser tries again
    process_request = server.WorkerHTTP.process_request

    def process_or_hand_over(worker, client, address):
        client.settimeout(worker.sock_timeout)
        try:
            begin = client.recv(len(REQUESTS[0]), socket.MSG_PEEK)
        except OSError:  # it says nothing, or is gone already
            client.close()
            return
        if begin in REQUESTS:
            with client, contextlib.suppress(BlockingIOError):
                socket.send_fds(writing, [json.dumps(address).encode()], [client.fileno()])
        else:
            process_request(worker, client, address)

    def spawn(prefork):
        arguments = server.stripped_sys_argv()[1:]
        command = [sys.executable, sys.argv[0], 'gevent', *arguments]
        environ = {**os.environ, INHERITED: str(reading.fileno())}
        prefork.long_polling_pid = subprocess.Popen(command, pass_fds=(reading.fileno(),), env=environ).pid

    server.WorkerHTTP.process_request = process_or_hand_over
    server.PreforkServer.long_polling_spawn = spawn


def _serve_handed(number):
    """In the websocket process: serve the connections that come along beside those to its own port."""
    import gevent

    start = server.GeventServer.start
    handed = socket.socket(fileno=number)

    def receive(evented):
        while True:
            address, numbers, _, _ = socket.recv_fds(handed, 1024, 1)
            client = socket.socket(fileno=numbers[0])
            evented.httpd.do_handle(client, tuple(json.loads(address)))

    def start_receiving(evented):
        gevent.spawn(receive, evented)
        start(evented)

    server.GeventServer.start = start_receiving
