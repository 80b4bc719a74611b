# The n-body problem: five bodies under gravity, floats in lists, integrated by the symplectic Euler method.
PI = 3.141592653589793
SOLAR_MASS = 4 * PI * PI
DAYS = 365.24

# Position (AU), velocity (AU per day), mass (suns): Sun, Jupiter, Saturn, Uranus, Neptune.
PLANETS = [
    ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 1.0),
    ([4.84143144, -1.16032004, -0.10362204], [0.00166007, 0.00769901, -0.00006904], 0.000954791),
    ([8.34336671, 4.12479856, -0.40352341], [-0.00276742, 0.00499852, 0.00002304], 0.000285885),
    ([12.89436956, -15.11115140, -0.22330757], [0.00296460, 0.00237847, -0.00002965], 0.0000436624),
    ([15.37969711, -25.91931460, 0.17925877], [0.00268067, 0.00162824, -0.00009515], 0.0000515138),
]


def system():
    bodies = [(p[:], [v * DAYS for v in velocity], mass * SOLAR_MASS) for p, velocity, mass in PLANETS]
    for axis in range(3):
        momentum = sum(velocity[axis] * mass for _, velocity, mass in bodies)
        bodies[0][1][axis] = -momentum / SOLAR_MASS
    return bodies


def pairs_of(bodies):
    return [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]


def energy(bodies, pairs):
    total = sum(mass * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) / 2 for _, v, mass in bodies)
    for (p, _, m), (q, _, n) in pairs:
        total -= m * n / ((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2) ** 0.5
    return total


def advance(bodies, pairs, dt, steps):
    for _ in range(steps):
        for (p, u, m), (q, v, n) in pairs:
            dx = p[0] - q[0]
            dy = p[1] - q[1]
            dz = p[2] - q[2]
            pull = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
            to_first = n * pull
            to_second = m * pull
            u[0] -= dx * to_first
            u[1] -= dy * to_first
            u[2] -= dz * to_first
            v[0] += dx * to_second
            v[1] += dy * to_second
            v[2] += dz * to_second
        for p, v, _ in bodies:
            p[0] += dt * v[0]
            p[1] += dt * v[1]
            p[2] += dt * v[2]


bodies = system()
pairs = pairs_of(bodies)
print(f"{energy(bodies, pairs):.6f}")
advance(bodies, pairs, 0.01, 50_000)
print(f"{energy(bodies, pairs):.6f}")
