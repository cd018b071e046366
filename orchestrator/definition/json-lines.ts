/** A JSON text as read, and the line on which each of its members stands. */
export interface JsonWithLines {
  value: unknown;
  /** From 1; the nearest enclosing member's for a path that is not there. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Reads JSON and remembers lines, so that a problem can name its place. Throws as JSON.parse does. */
export function parseJsonWithLines(text: string): JsonWithLines {
  const value: unknown = JSON.parse(text);
  const lines = new Map<string, number>();
  new LineScanner(text, lines).scan();
  return {
    value,
    lineOf: (path) => {
      for (let length = path.length; length >= 0; length--) {
        const line = lines.get(keyOf(path.slice(0, length).map(String)));
        if (line !== undefined) return line;
      }
      return 1;
    },
  };
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** Walks over a text that is known to be JSON. */
class LineScanner {
  private position = 0;
  private line = 1;

  constructor(
    private readonly text: string,
    private readonly lines: Map<string, number>,
  ) {}

  scan(): void {
    this.value([]);
  }

  private value(path: string[]): void {
    this.skipSpace();
    if (!this.lines.has(keyOf(path))) this.lines.set(keyOf(path), this.line);
    const first = this.text[this.position];
    if (first === '{') this.members(path, '}', () => this.name());
    else if (first === '[') {
      let index = 0;
      this.members(path, ']', () => String(index++));
    } else if (first === '"') this.string();
    else while (/[^\s,\]}]/.test(this.text[this.position] ?? ' ')) this.position++;
  }

  private members(path: string[], close: string, nextName: () => string): void {
    this.position++;
    for (;;) {
      this.skipSpace();
      const next = this.text[this.position];
      if (next === ',') this.position++;
      else if (next === close || next === undefined) break;
      else {
        const line = this.line;
        const member = [...path, nextName()];
        this.lines.set(keyOf(member), line);
        this.value(member);
      }
    }
    this.position++;
  }

  private name(): string {
    const name = this.string();
    this.skipSpace();
    this.position++; // the colon
    return name;
  }

  private string(): string {
    const start = this.position++;
    while (this.text[this.position] !== '"') this.position += this.text[this.position] === '\\' ? 2 : 1;
    this.position++;
    return JSON.parse(this.text.slice(start, this.position)) as string;
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.position] ?? '')) {
      if (this.text[this.position] === '\n') this.line++;
      this.position++;
    }
  }
}
