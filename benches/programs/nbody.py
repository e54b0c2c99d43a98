"""Five bodies under gravity, a step at a time: float arithmetic on lists."""
import harness

SUN = 39.47841760435743
DAYS = 365.24

# position, velocity, mass in solar units: the sun and the four large planets
BODIES = {
    'sun': ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], SUN),
    'jupiter': ([4.84143144246472090, -1.16032004402742839, -0.103622044471123109],
                [0.00166007664274403694 * DAYS, 0.00769901118419740425 * DAYS, -0.0000690460016972063023 * DAYS],
                0.000954791938424326609 * SUN),
    'saturn': ([8.34336671824457987, 4.12479856412430479, -0.403523417114321381],
               [-0.00276742510726411001 * DAYS, 0.00499852801234917238 * DAYS, 0.0000230417297573763929 * DAYS],
               0.000285885980666130812 * SUN),
    'uranus': ([12.8943695621391310, -15.1111514016986312, -0.223307578892655734],
               [0.00296460137564761618 * DAYS, 0.00237847173959480950 * DAYS, -0.0000296589568540237556 * DAYS],
               0.0000436624404335156298 * SUN),
    'neptune': ([15.3796971148509165, -25.9193146099879641, 0.179258772950371181],
                [0.00268067772490389322 * DAYS, 0.00162824170038242295 * DAYS, -0.0000951592254519715870 * DAYS],
                0.0000515138902046611451 * SUN),
}


def system():
    bodies = [(list(place), list(speed), mass) for name, (place, speed, mass) in sorted(BODIES.items())]
    total = [0.0, 0.0, 0.0]
    for place, speed, mass in bodies:
        for axis in range(3):
            total[axis] += speed[axis] * mass
    for place, speed, mass in bodies:
        if mass == SUN:
            for axis in range(3):
                speed[axis] = -total[axis] / SUN
    pairs = [(bodies[i], bodies[j]) for i in range(5) for j in range(i + 1, 5)]
    return bodies, pairs


def advance(bodies, pairs, dt, steps):
    for step in xrange(steps):
        for (p, v, m), (q, w, n) in pairs:
            dx = p[0] - q[0]
            dy = p[1] - q[1]
            dz = p[2] - q[2]
            pull = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
            a = n * pull
            b = m * pull
            v[0] -= dx * a
            v[1] -= dy * a
            v[2] -= dz * a
            w[0] += dx * b
            w[1] += dy * b
            w[2] += dz * b
        for p, v, m in bodies:
            p[0] += dt * v[0]
            p[1] += dt * v[1]
            p[2] += dt * v[2]


def energy(bodies, pairs):
    total = 0.0
    for p, v, m in bodies:
        total += 0.5 * m * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    for (p, v, m), (q, w, n) in pairs:
        square = sum((p[axis] - q[axis]) ** 2 for axis in range(3))
        total -= m * n / square ** 0.5
    return total


def work(size):
    bodies, pairs = system()
    advance(bodies, pairs, 0.01, size)
    return '%.9f' % energy(bodies, pairs)


if __name__ == '__main__':
    harness.main('nbody', 50000, work)
