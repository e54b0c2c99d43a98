"""DeltaBlue: an incremental solver of one-way constraints in a hierarchy of strengths.

Written from the published algorithm (Freeman-Benson and Maloney): every variable knows the constraint that
determines it, the strength with which it could be determined otherwise (its walkabout strength), and whether its
value is fixed; adding or removing a constraint changes the plan in a wave of marks. Two problems: a chain of
equalities, and a projection of points by scale and offset.
"""
import harness

REQUIRED, STRONG_PREFERRED, PREFERRED, STRONG_DEFAULT, NORMAL, WEAK_DEFAULT, WEAKEST = range(7)


class Variable(object):
    def __init__(self, name, value=0):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.mark = 0
        self.walkabout = WEAKEST
        self.stays = True


class Constraint(object):
    """A method is one way of satisfying the constraint; None means that none is selected."""
    is_input = False

    def __init__(self, strength, planner):
        self.strength = strength
        self.planner = planner

    def add(self):
        self.connect()
        self.planner.incremental_add(self)

    def remove(self):
        if self.is_satisfied():
            self.planner.incremental_remove(self)
        else:
            self.disconnect()

    def satisfy(self, mark):
        """Selects a method; gives back the constraint that it displaced, if any."""
        self.choose(mark)
        if not self.is_satisfied():
            if self.strength == REQUIRED:
                raise ValueError('a required constraint cannot be satisfied')
            return None
        for variable in self.inputs():
            variable.mark = mark
        output = self.output()
        displaced = output.determined_by
        if displaced is not None:
            displaced.unselect()
        output.determined_by = self
        if not self.planner.propagate(self, mark):
            raise ValueError('the constraints form a cycle')
        output.mark = mark
        return displaced


class UnaryConstraint(Constraint):
    def __init__(self, variable, strength, planner):
        Constraint.__init__(self, strength, planner)
        self.variable = variable
        self.satisfied = False
        self.add()

    def connect(self):
        self.variable.constraints.append(self)
        self.satisfied = False

    def disconnect(self):
        self.variable.constraints.remove(self)
        self.satisfied = False

    def choose(self, mark):
        self.satisfied = self.variable.mark != mark and self.strength < self.variable.walkabout

    def is_satisfied(self):
        return self.satisfied

    def unselect(self):
        self.satisfied = False

    def inputs(self):
        return ()

    def inputs_known(self, mark):
        return True

    def output(self):
        return self.variable

    def recalculate(self):
        self.variable.walkabout = self.strength
        self.variable.stays = not self.is_input
        if self.variable.stays:
            self.execute()

    def execute(self):
        pass


class Stay(UnaryConstraint):
    pass


class Edit(UnaryConstraint):
    is_input = True


class BinaryConstraint(Constraint):
    FORWARD, BACKWARD = 1, 2

    def __init__(self, first, second, strength, planner):
        Constraint.__init__(self, strength, planner)
        self.first = first
        self.second = second
        self.direction = None
        self.add()

    def connect(self):
        self.first.constraints.append(self)
        self.second.constraints.append(self)
        self.direction = None

    def disconnect(self):
        self.first.constraints.remove(self)
        self.second.constraints.remove(self)
        self.direction = None

    def choose(self, mark):
        first = self.first
        second = self.second
        self.direction = None
        if first.mark == mark:
            if second.mark != mark and self.strength < second.walkabout:
                self.direction = self.FORWARD
        elif second.mark == mark:
            if self.strength < first.walkabout:
                self.direction = self.BACKWARD
        elif first.walkabout > second.walkabout:
            if self.strength < first.walkabout:
                self.direction = self.BACKWARD
        elif self.strength < second.walkabout:
            self.direction = self.FORWARD

    def is_satisfied(self):
        return self.direction is not None

    def unselect(self):
        self.direction = None

    def input(self):
        return self.first if self.direction == self.FORWARD else self.second

    def output(self):
        return self.second if self.direction == self.FORWARD else self.first

    def inputs(self):
        return (self.input(),)

    def inputs_known(self, mark):
        variable = self.input()
        return variable.mark == mark or variable.stays or variable.determined_by is None

    def recalculate(self):
        source = self.input()
        target = self.output()
        target.walkabout = max(self.strength, source.walkabout)
        target.stays = source.stays
        if target.stays:
            self.execute()


class Equal(BinaryConstraint):
    def execute(self):
        self.output().value = self.input().value


class Scaled(BinaryConstraint):
    """second = first * scale + offset"""

    def __init__(self, first, scale, offset, second, strength, planner):
        self.scale = scale
        self.offset = offset
        BinaryConstraint.__init__(self, first, second, strength, planner)

    def connect(self):
        BinaryConstraint.connect(self)
        self.scale.constraints.append(self)
        self.offset.constraints.append(self)

    def disconnect(self):
        BinaryConstraint.disconnect(self)
        self.scale.constraints.remove(self)
        self.offset.constraints.remove(self)

    def inputs(self):
        return (self.input(), self.scale, self.offset)

    def inputs_known(self, mark):
        for variable in self.inputs():
            if not (variable.mark == mark or variable.stays or variable.determined_by is None):
                return False
        return True

    def recalculate(self):
        source = self.input()
        target = self.output()
        target.walkabout = max(self.strength, source.walkabout)
        target.stays = source.stays and self.scale.stays and self.offset.stays
        if target.stays:
            self.execute()

    def execute(self):
        if self.direction == self.FORWARD:
            self.second.value = self.first.value * self.scale.value + self.offset.value
        else:
            self.first.value = (self.second.value - self.offset.value) // self.scale.value


class Planner(object):
    def __init__(self):
        self.current = 0

    def new_mark(self):
        self.current += 1
        return self.current

    def incremental_add(self, constraint):
        mark = self.new_mark()
        displaced = constraint.satisfy(mark)
        while displaced is not None:
            displaced = displaced.satisfy(mark)

    def incremental_remove(self, constraint):
        output = constraint.output()
        constraint.unselect()
        constraint.disconnect()
        for unsatisfied in self.remove_from(output):
            self.incremental_add(unsatisfied)

    def remove_from(self, output):
        """Forgets what followed from `output`; gives back the unsatisfied constraints met, strongest first."""
        output.determined_by = None
        output.walkabout = WEAKEST
        output.stays = True
        unsatisfied = []
        todo = [output]
        while todo:
            variable = todo.pop()
            for constraint in variable.constraints:
                if not constraint.is_satisfied():
                    unsatisfied.append(constraint)
                elif constraint is not variable.determined_by:
                    constraint.recalculate()
                    todo.append(constraint.output())
        unsatisfied.sort(key=lambda constraint: constraint.strength)
        return unsatisfied

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            constraint = todo.pop()
            output = constraint.output()
            if output.mark == mark:
                self.incremental_remove(constraint)
                return False
            constraint.recalculate()
            self.consumers(output, todo)
        return True

    def consumers(self, variable, result):
        for constraint in variable.constraints:
            if constraint is not variable.determined_by and constraint.is_satisfied():
                result.append(constraint)

    def plan(self, sources):
        """The constraints to execute, in order, when the inputs among `sources` change."""
        mark = self.new_mark()
        plan = []
        todo = [constraint for constraint in sources if constraint.is_input and constraint.is_satisfied()]
        while todo:
            constraint = todo.pop()
            output = constraint.output()
            if output.mark != mark and constraint.inputs_known(mark):
                plan.append(constraint)
                output.mark = mark
                self.consumers(output, todo)
        return plan

    def change(self, variable, value):
        edit = Edit(variable, PREFERRED, self)
        plan = self.plan([edit])
        for step in range(10):
            variable.value = value
            for constraint in plan:
                constraint.execute()
        edit.remove()


def chain(length):
    planner = Planner()
    variables = [Variable('v%d' % number) for number in range(length + 1)]
    for number in range(length):
        Equal(variables[number], variables[number + 1], REQUIRED, planner)
    first = variables[0]
    last = variables[-1]
    Stay(last, STRONG_DEFAULT, planner)
    edit = Edit(first, PREFERRED, planner)
    plan = planner.plan([edit])
    for value in range(100):
        first.value = value
        for constraint in plan:
            constraint.execute()
        assert last.value == value
    edit.remove()
    return last.value


def projection(count):
    planner = Planner()
    scale = Variable('scale', 10)
    offset = Variable('offset', 1000)
    targets = []
    for number in range(count):
        source = Variable('source%d' % number, number)
        target = Variable('target%d' % number, number)
        targets.append(target)
        Stay(source, NORMAL, planner)
        Scaled(source, scale, offset, target, REQUIRED, planner)
    planner.change(source, 17)
    assert target.value == 1170
    planner.change(target, 1050)
    assert source.value == 5
    planner.change(scale, 5)
    assert [each.value for each in targets[:-1]] == [number * 5 + 1000 for number in range(count - 1)]
    planner.change(offset, 2000)
    assert [each.value for each in targets[:-1]] == [number * 5 + 2000 for number in range(count - 1)]
    return sum(each.value for each in targets)


def work(size):
    return '%d/%d' % (chain(size), projection(size))


if __name__ == '__main__':
    harness.main('deltablue', 1500, work)
