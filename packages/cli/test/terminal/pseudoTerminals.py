"""python3 packages/cli/test/terminal/pseudoTerminals.py [WIDTH ...]

Every command in pseudo-terminals of 40, 80 and 200 columns, on a table of its own: what the screen holds at the end has no row of progress that was drawn
twice, and every line was broken by the command and not by the terminal, but for commands that are there to be copied (`hyperribbon verify ...`). Builds nothing: run
`tsc -b` before. A soak beside the suite, which drives the same lines over an emulated screen.
"""
import fcntl, os, pty, random, re, struct, sys, tempfile, termios, unicodedata

entry = os.path.join(os.path.dirname(__file__), '..', '..', 'bin', 'hyperribbon.js')


def run(width, *arguments):
    """Bytes that a command writes to a terminal of this width, and its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, width, 0, 0))
        for name in ('CI', 'NO_COLOR', 'FORCE_COLOR'):
            os.environ.pop(name, None)
        os.environ['TERM'] = 'xterm-256color'
        os.execvp('node', ['node', entry, *arguments])
    data = b''
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        data += part
    return data.decode('utf8', 'replace'), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def cells(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in 'WF' else 1


def screen(text, width):
    """Rows at the end, each with whether the terminal itself broke the line before it."""
    rows, row, column = [['', False]], 0, 0
    for match in re.finditer(r'\x1b\[([\d;]*)([A-Za-z])|[\s\S]', text):
        if match[2] == 'A':
            row, column = max(0, row - int(match[1] or 1)), 0
        elif match[2] == 'J':
            rows = rows[:row] + [['', rows[row][1]]]
        elif match[2]:
            continue
        elif match[0] == '\n':
            row += 1
            rows += [['', False]] if row == len(rows) else []
        elif match[0] == '\r':
            column = 0
        else:
            if column + cells(match[0]) > width:
                row, column = row + 1, 0
                rows += [['', True]] if row == len(rows) else []
            rows[row][0] = rows[row][0][:column] + match[0]
            column += cells(match[0])
    return rows


def check(width, code, *arguments):
    text, found = run(width, *arguments)
    rows = screen(text, width)
    faults = [f'exit code {found}'] if found != code else []
    faults += [f'drawn twice: {row}' for row, _ in rows if '━' in row or 'estimating time left' in row]
    copied = False
    for row, broken in rows:
        copied = re.search('hyperribbon [a-z]+', row) is not None or (copied and broken)
        if broken and not copied:
            faults.append(f'broken by the terminal: {row}')
    print(f'{"FAILED" if faults else "ok":7}{width:4}  {" ".join(arguments)}', *faults, sep='\n        ' if faults else '')
    return not faults


def main():
    widths = [int(width) for width in sys.argv[1:]] or [40, 80, 200]
    os.chdir(tempfile.mkdtemp(prefix='hyperribbon-terminals-'))
    draw = random.Random(1)
    with open('points.csv', 'w') as table:
        for i in range(300):
            table.write(','.join(f'{draw.gauss(2 * (i % 2), 1):.4f}' for _ in range(6)) + f',{i % 2}\n')
    data, small = ['--data', 'points.csv'], ['--architecture', 'mlp:tanh:8', '--epochs', '6']
    good = []
    for w in widths:
        bound, net = f'bound{w}', f'net{w}.npz'
        good += [
            check(w, 0, 'inputs', *data),
            check(w, 0, 'train', *data, *small, '--out', net),
            check(w, 0, 'spectrum', *data, '--model', net, '--top', '30'),
            check(w, 0, 'analyze', *data, *small, '--top', '5', '--stiff-directions', '5', '--draws', '50', '--out', f'analyze{w}'),
            check(w, 0, 'bound', *data, *small, '--batch-size', '50', '--passes', '4', '--out', bound),
            check(w, 0, 'verify', f'{bound}/certificate.json', *data, '--model', f'{bound}/posterior.npz'),
            check(w, 3, 'verify', f'{bound}/certificate.json'),
            check(w, 0, 'ribbon', '--quick', *data, '--out', f'ribbon{w}'),
            check(w, 2, 'spectrum', *data, '--model', 'nothing.npz', '--top', '30'),
        ]
    sys.exit(0 if all(good) else 1)


main()
