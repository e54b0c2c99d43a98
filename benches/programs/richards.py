"""Martin Richards' operating system kernel in simulation: six tasks pass packets to one another.

Written from the description of the algorithm. A run is right when 23246 packets were queued and 9297 times a
task was held.
"""
IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
DEVICE_PACKET, WORK_PACKET = range(2)
PACKET_BYTES = 4


class Packet(object):
    def __init__(self, link, owner, kind):
        self.link = link
        self.owner = owner
        self.kind = kind
        self.datum = 0
        self.data = [0] * PACKET_BYTES

    def appended_to(self, queue):
        """The queue with this packet at its end."""
        self.link = None
        if queue is None:
            return self
        last = queue
        while last.link is not None:
            last = last.link
        last.link = self
        return queue


class Task(object):
    """A task control block; subclasses say what one turn does in `turn`, which gives back the task to run next."""

    def __init__(self, kernel, number, priority, queue, waiting):
        self.kernel = kernel
        self.number = number
        self.priority = priority
        self.queue = queue
        self.pending = queue is not None
        self.waiting = waiting
        self.held = False
        self.following = kernel.first
        kernel.first = self
        kernel.tasks[number] = self

    def stopped(self):
        return self.held or (self.waiting and not self.pending)

    def run(self):
        packet = None
        if self.waiting and self.pending:
            packet = self.queue
            self.queue = packet.link
            self.waiting = False
            self.pending = self.queue is not None
        return self.turn(packet)

    def wait(self):
        self.waiting = True
        return self

    def hold(self):
        self.kernel.holds += 1
        self.held = True
        return self.following

    def release(self, number):
        task = self.kernel.tasks[number]
        task.held = False
        return task if task.priority > self.priority else self

    def send(self, packet):
        target = self.kernel.tasks[packet.owner]
        self.kernel.queued += 1
        packet.owner = self.number
        if target.queue is None:
            packet.link = None
            target.queue = packet
            target.pending = True
            return target if target.priority > self.priority else self
        target.queue = packet.appended_to(target.queue)
        return self


class Idler(Task):
    control = 1
    count = 10000

    def turn(self, packet):
        self.count -= 1
        if self.count == 0:
            return self.hold()
        if self.control & 1:
            self.control = self.control // 2 ^ 0xd008
            return self.release(DEVICE_B)
        self.control //= 2
        return self.release(DEVICE_A)


class Worker(Task):
    handler = HANDLER_A
    letter = 0

    def turn(self, packet):
        if packet is None:
            return self.wait()
        self.handler = HANDLER_B if self.handler == HANDLER_A else HANDLER_A
        packet.owner = self.handler
        packet.datum = 0
        for at in range(PACKET_BYTES):
            self.letter += 1
            if self.letter > 26:
                self.letter = 1
            packet.data[at] = ord('A') + self.letter - 1
        return self.send(packet)


class Handler(Task):
    work = None
    devices = None

    def turn(self, packet):
        if packet is not None:
            if packet.kind == WORK_PACKET:
                self.work = packet.appended_to(self.work)
            else:
                self.devices = packet.appended_to(self.devices)
        work = self.work
        if work is None:
            return self.wait()
        if work.datum >= PACKET_BYTES:
            self.work = work.link
            return self.send(work)
        device = self.devices
        if device is None:
            return self.wait()
        self.devices = device.link
        device.datum = work.data[work.datum]
        work.datum += 1
        return self.send(device)


class Device(Task):
    kept = None

    def turn(self, packet):
        if packet is not None:
            self.kept = packet
            return self.hold()
        kept = self.kept
        if kept is None:
            return self.wait()
        self.kept = None
        return self.send(kept)


class Kernel(object):
    def __init__(self):
        self.first = None
        self.tasks = [None] * 6
        self.queued = 0
        self.holds = 0

    def packets(self, owner, kind, count):
        queue = None
        for number in range(count):
            queue = Packet(queue, owner, kind)
        return queue

    def schedule(self):
        task = self.first
        while task is not None:
            if task.stopped():
                task = task.following
            else:
                task = task.run()


def simulate():
    kernel = Kernel()
    Idler(kernel, IDLE, 0, None, False)
    Worker(kernel, WORKER, 1000, kernel.packets(WORKER, WORK_PACKET, 2), True)
    Handler(kernel, HANDLER_A, 2000, kernel.packets(DEVICE_A, DEVICE_PACKET, 3), True)
    Handler(kernel, HANDLER_B, 3000, kernel.packets(DEVICE_B, DEVICE_PACKET, 3), True)
    Device(kernel, DEVICE_A, 4000, None, True)
    Device(kernel, DEVICE_B, 5000, None, True)
    kernel.schedule()
    assert (kernel.queued, kernel.holds) == (23246, 9297), (kernel.queued, kernel.holds)
    return kernel.queued


def work(size):
    return sum(simulate() for number in range(size))


if __name__ == '__main__':
    import harness
    harness.main('richards', 5, work)
