# Object code in the manner of DeltaBlue: variables, constraints of several strengths with polymorphic methods, a planner
# that decides which constraint sets which variable and runs the plan many times.
class Strength:
    def __init__(self, rank, name):
        self.rank = rank
        self.name = name

    def stronger_than(self, other):
        return self.rank < other.rank


REQUIRED, STRONG, NORMAL, WEAK = (Strength(rank, name) for rank, name in enumerate(["required", "strong", "normal", "weak"]))


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.constraints = []
        self.set_by = None
        self.strength = WEAK
        self.mark = 0

    def readers(self):
        return [constraint for constraint in self.constraints if constraint is not self.set_by]


class Constraint:
    def __init__(self, strength):
        self.strength = strength
        self.satisfied = False

    def variables(self):
        raise NotImplementedError

    def join(self):
        for variable in self.variables():
            variable.constraints.append(self)

    def leave(self):
        for variable in self.variables():
            variable.constraints.remove(self)
            if variable.set_by is self:
                variable.set_by = None
                variable.strength = WEAK

    def output(self):
        return self.variables()[-1]

    def inputs_known(self, mark):
        return all(variable.mark == mark or variable.set_by is None for variable in self.variables()[:-1])

    def execute(self):
        raise NotImplementedError


class Stay(Constraint):
    def __init__(self, variable, strength):
        super().__init__(strength)
        self.variable = variable
        self.join()

    def variables(self):
        return [self.variable]

    def execute(self):
        pass


class Edit(Stay):
    def __init__(self, variable, strength):
        super().__init__(variable, strength)
        self.wanted = variable.value

    def execute(self):
        self.variable.value = self.wanted


class Equal(Constraint):
    def __init__(self, source, target, strength):
        super().__init__(strength)
        self.source, self.target = source, target
        self.join()

    def variables(self):
        return [self.source, self.target]

    def execute(self):
        self.target.value = self.source.value


class Scale(Equal):
    def __init__(self, source, factor, offset, target, strength):
        self.factor, self.offset = factor, offset
        super().__init__(source, target, strength)

    def variables(self):
        return [self.source, self.factor, self.offset, self.target]

    def execute(self):
        self.target.value = self.source.value * self.factor.value + self.offset.value


class Planner:
    def __init__(self):
        self.mark = 0

    def satisfy(self, constraint):
        target = constraint.output()
        if target.set_by is not None and not constraint.strength.stronger_than(target.strength):
            return False
        overridden = target.set_by
        if overridden is not None:
            overridden.satisfied = False
        target.set_by = constraint
        target.strength = constraint.strength
        constraint.satisfied = True
        return True

    def plan(self, sources):
        """The constraints that follow from the sources, in an order in which each knows its inputs."""
        self.mark += 1
        mark, plan = self.mark, []
        todo = [constraint for constraint in sources if constraint.satisfied]
        while todo:
            constraint = todo.pop()
            target = constraint.output()
            if target.mark == mark or not constraint.inputs_known(mark):
                continue
            plan.append(constraint)
            target.mark = mark
            todo.extend(reader for reader in target.readers() if reader.satisfied and reader.output() is not target)
        return plan


def chain(planner, length):
    variables = [Variable(f"v{i}", 0) for i in range(length + 1)]
    for first, second in zip(variables, variables[1:]):
        planner.satisfy(Equal(first, second, REQUIRED))
    planner.satisfy(Stay(variables[0], WEAK))
    return change(planner, variables[0], variables[-1], 60)


def projection(planner, count):
    factor, offset = Variable("factor", 10), Variable("offset", 1000)
    targets = []
    for i in range(count):
        source, target = Variable(f"s{i}", i), Variable(f"t{i}", 0)
        planner.satisfy(Stay(source, NORMAL))
        planner.satisfy(Scale(source, factor, offset, target, REQUIRED))
        targets.append((source, target))
    total = 0
    for source, target in targets[::10]:
        total += change(planner, source, target, 2)
    total += change(planner, factor, targets[-1][1], 8)
    return total


def change(planner, variable, watched, times):
    edit = Edit(variable, STRONG)
    total = 0
    if planner.satisfy(edit):
        for value in range(times):
            edit.wanted = value
            for constraint in planner.plan([edit]):
                constraint.execute()
            total += watched.value
    edit.leave()
    return total


total = 0
for _ in range(3):
    planner = Planner()
    total += chain(planner, 1_000) + projection(planner, 1_000)
print(total)
