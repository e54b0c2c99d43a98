"""In the manner of Dhrystone: records, globals, small procedures, comparisons of strings, two-dimensional arrays."""
import harness

RED, GREEN, BLUE, WHITE, BLACK = range(1, 6)

integer_global = 0
flag_global = False
letter_one = '\0'
letter_two = '\0'
row_global = [0] * 51
grid_global = [[0] * 51 for line in range(51)]
record_global = None
record_next = None


class Record(object):
    def __init__(self, pointer=None, kind=0, colour=0, number=0, text=''):
        self.pointer = pointer
        self.kind = kind
        self.colour = colour
        self.number = number
        self.text = text

    def copy(self):
        return Record(self.pointer, self.kind, self.colour, self.number, self.text)


def update_record(record):
    record.pointer = following = record_global.copy()
    record.number = 5
    following.number = record.number
    following.pointer = record.pointer
    following.pointer = follow(following.pointer)
    if following.kind == RED:
        following.number = 6
        following.colour = recolour(record.colour)
        following.pointer = record_global.pointer
        following.number = add_ten(following.number, 10)
    else:
        record = following.copy()
    following.pointer = None
    return record


def change_until(number):
    position = number + 10
    while True:
        if letter_one == 'A':
            position -= 1
            number = position - integer_global
            colour = RED
        if colour == RED:
            return number


def follow(pointer):
    global integer_global
    if record_global is not None:
        pointer = record_global.pointer
    else:
        integer_global = 100
    record_global.number = add_ten(10, integer_global)
    return pointer


def set_letters():
    global flag_global, letter_two
    flag = letter_one == 'A'
    flag_global = flag or flag_global
    letter_two = 'B'


def set_letter():
    global letter_one, flag_global
    letter_one = 'A'
    flag_global = False


def recolour(colour):
    result = colour
    if not is_blue(colour):
        result = WHITE
    if colour == RED:
        result = RED
    elif colour == GREEN:
        result = RED if integer_global > 100 else WHITE
    elif colour == BLUE:
        result = GREEN
    elif colour == BLACK:
        result = BLUE
    return result


def add_ten(first, second):
    return second + first + 2


def fill(row, grid, first, second):
    global integer_global
    at = first + 5
    row[at] = second
    row[at + 1] = row[at]
    row[at + 30] = at
    for column in range(at, at + 2):
        grid[at][column] = at
    grid[at][at - 1] += 1
    grid[at + 10][at] = row[at]
    integer_global = 5


def same_class(first, second):
    if first == second:
        return RED
    return GREEN


def before(first, second):
    place = 1
    while place <= 1:
        if same_class(first[place], second[place + 1]) == RED:
            letter = 'A'
            place += 1
        else:
            letter = 'X'
            place += 3
    if 'W' <= letter <= 'Z':
        place = 7
    if letter == 'X':
        return True
    if first > second:
        place += 7
        return True
    return False


def is_blue(colour):
    return colour == BLUE


def work(size):
    global integer_global, flag_global, record_global, record_next
    record_next = Record()
    record_global = Record(record_next, RED, BLUE, 40, 'SOME PROGRAM, A STRING')
    first_text = "SOME PROGRAM, 1'ST STRING"
    row_global[:] = [0] * 51
    for row in grid_global:
        row[:] = [0] * 51
    grid_global[8][7] = 10
    for step in xrange(size):
        set_letter()
        set_letters()
        first = 2
        second = 3
        second_text = "SOME PROGRAM, 2'ND STRING"
        colour = GREEN
        flag_global = not before(first_text, second_text)
        while first < second:
            third = 5 * first - second
            third = add_ten(first, second)
            first += 1
        fill(row_global, grid_global, first, third)
        record_global = update_record(record_global)
        letter = 'A'
        while letter <= letter_two:
            if colour == same_class(letter, 'C'):
                colour = recolour(RED)
            letter = chr(ord(letter) + 1)
        third = second * first
        second = third // first
        second = 7 * (third - second) - first
        first = change_until(first)
    return '%d/%d/%d/%d' % (grid_global[8][7], integer_global, first, second)


if __name__ == '__main__':
    harness.main('pystone', 100000, work)
