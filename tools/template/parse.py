"""Reads a template into a tree of nodes. What each word means is in docs/templates.md."""
import re
from dataclasses import dataclass, field

TAG = re.compile(r"\{\{(.*?)\}\}", re.S)
VIEW = re.compile(r'view (?:none|struct (\w+) "([^"]+\.h)"( in C)?)')
STRING = r'"(?:[^"\\]|\\.)*"'
WORD = re.compile(STRING + r"|[^\s\"]+")
PATH = re.compile(r"[a-z_]\w*(\.[a-z_]\w*)*")
C_WORDS = set("""auto break case char const continue default do double else enum extern float for goto if inline int long
    register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while html view""".split())
FORMATS = ("number", "money", "day", "date", "month", "moment", "bytes")
BLOCKS = ("#if", "#each", "#with")


class TemplateError(Exception):
    """A fault in a template, with its place."""

    def __init__(self, line, message):
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass
class Node:
    """kind: literal, show, format, t, plural, url, path, asset, markdown, csrf, call, if, each, with."""
    kind: str
    line: int
    text: str = ""                                # literal: the HTML; t, asset, path: the string; format: its word; each, with: the name
    value: str = ""                               # the path of a member
    arguments: list = field(default_factory=list) # of t, path: (format or None, path); of plural: the two sentences
    negated: bool = False
    body: list = field(default_factory=list)
    otherwise: list = field(default_factory=list)
    context: str = "text"                         # text or attribute; set by check.py


@dataclass
class Template:
    name: str
    file: str
    struct: str = ""                              # empty: the template shows nothing of a view
    header: str = ""
    in_c: bool = False                            # written by hand, in C: only declared
    nodes: list = field(default_factory=list)


def unquote(word):
    return re.sub(r"\\(.)", r"\1", word[1:-1])


def is_string(word):
    return word.startswith('"')


class Parser:
    """Turns the tokens into nested nodes; knows which names are bound."""

    def __init__(self, source, first_line):
        self.source = source
        self.first_line = first_line
        self.at = 0
        self.names = ["view"]

    def line(self, position):
        return self.first_line + self.source.count("\n", 0, position)

    def next_tag(self):
        """The literal before the next tag, the tag's content (None at the end), and their lines."""
        match = TAG.search(self.source, self.at)
        start = self.at
        if not match:
            self.at = len(self.source)
            return self.source[start:], self.line(start), None, self.line(self.at)
        self.at = self.after(match)
        return self.source[start:match.start()], self.line(start), match.group(1).strip(), self.line(match.start())

    def after(self, match):
        """Where the text goes on: a block's tag, a call or a comment alone on its line takes the line break with it."""
        rest = re.compile(r"[ \t]*\n").match(self.source, match.end())
        before = self.source[self.source.rfind("\n", 0, match.start()) + 1:match.start()]
        alone = match.group(1).strip()[:1] in ("#", "/", "!", ">") or match.group(1).strip() == "else"
        return rest.end() if alone and rest and not before.strip() else match.end()

    def nodes(self, opened_at=None, block=None):
        """The nodes up to the end of the block (or of the file), and the tag that ended them."""
        found = []
        while True:
            literal, literal_line, tag, line = self.next_tag()
            if literal:
                found.append(Node("literal", literal_line, text=literal))
            if tag is None:
                if block:
                    raise TemplateError(opened_at, f"{{{{{block}}}}} is never closed")
                return found, None
            if tag.startswith("/") or tag == "else":
                if not block or tag not in ("else", "/" + block[1:]):
                    raise TemplateError(line, f"{{{{{tag}}}}} closes nothing" + (f": {block} is open" if block else ""))
                return found, tag
            if not tag.startswith("!"):
                found.append(self.tag(tag, line))

    def tag(self, tag, line):
        words = WORD.findall(tag)
        if not words:
            raise TemplateError(line, "an empty tag")
        if words[0] in BLOCKS:
            return self.block(words, line)
        reader = getattr(self, "read_" + {">": "call"}.get(words[0], words[0]), None)
        if reader:
            return reader(words[1:], line)
        if words[0] in FORMATS:
            return self.read_format(words, line)
        if len(words) == 1 and PATH.fullmatch(words[0]):
            return Node("show", line, value=self.member(words[0], line))
        raise TemplateError(line, f"{{{{{tag}}}}} is not understood")

    def block(self, words, line):
        node = Node(words[0][1:], line)
        bound = getattr(self, "open_" + node.kind)(node, words[1:], line)
        self.names += bound
        node.body, end = self.nodes(line, words[0])
        del self.names[len(self.names) - len(bound):]
        if end == "else":
            node.otherwise, end = self.nodes(line, words[0])
            if end == "else":
                raise TemplateError(line, f"{words[0]} has two {{{{else}}}}")
        return node

    def open_if(self, node, words, line):
        node.negated = words[:1] == ["not"]
        words = words[1:] if node.negated else words
        if len(words) != 1:
            raise TemplateError(line, "{{#if member}} or {{#if not member}}")
        node.value = self.member(words[0], line)
        return []

    def open_each(self, node, words, line):
        if len(words) != 3 or words[1] != "as":
            raise TemplateError(line, f"{{{{#{node.kind} member as name}}}}")
        node.value = self.member(words[0], line)
        if not re.fullmatch(r"[a-z_]\w*", words[2]) or words[2] in C_WORDS:
            raise TemplateError(line, f"{words[2]} cannot be a name")
        if words[2] in self.names:
            raise TemplateError(line, f"the name {words[2]} is in use")
        if "." not in node.value:
            raise TemplateError(line, f"{{{{#{node.kind}}}}} goes through a member, as in view.rows")
        node.text = words[2]
        return [words[2]]

    open_with = open_each

    def member(self, path, line):
        if not PATH.fullmatch(path):
            raise TemplateError(line, f"{path} is not the name of a member")
        root = path.split(".")[0]
        if root not in self.names:
            raise TemplateError(line, f"{root} is not known here: one of {', '.join(self.names)}")
        return path

    def arguments(self, words, line):
        found, pending = [], None
        for word in words:
            if word in FORMATS and not pending:
                pending = word
                continue
            found.append((pending, self.member(word, line)))
            pending = None
        if pending or len(found) > 6:
            raise TemplateError(line, "at most six arguments, each a member with or without its format")
        return found

    def check_places(self, sentence, count, line):
        places = {int(number) for number in re.findall(r"\{([1-9])\}", sentence)}
        if places != set(range(1, count + 1)):
            raise TemplateError(line, f"the places of \"{sentence}\" are not those of its {count} arguments")

    def read_t(self, words, line):
        if words and not is_string(words[0]):
            if len(words) > 1:
                raise TemplateError(line, "{{t member}} takes no arguments")
            return Node("t", line, value=self.member(words[0], line))
        if not words:
            raise TemplateError(line, '{{t "sentence" arguments}} or {{t member}}')
        sentence = unquote(words[0])
        arguments = self.arguments(words[1:], line)
        self.check_places(sentence, len(arguments), line)
        return Node("t", line, text=sentence, arguments=arguments)

    def read_plural(self, words, line):
        if len(words) != 3 or not is_string(words[1]) or not is_string(words[2]):
            raise TemplateError(line, '{{plural member "one" "many"}}')
        return Node("plural", line, value=self.member(words[0], line), arguments=[unquote(words[1]), unquote(words[2])])

    def read_format(self, words, line):
        scale = words[2] if len(words) == 3 and words[0] == "number" and words[2].isdigit() else None
        if len(words) != 2 and not scale:
            raise TemplateError(line, f"{{{{{words[0]} member}}}}")
        return Node("format", line, text=words[0], value=self.member(words[1], line), arguments=[scale or "0"])

    def single(self, kind, words, line):
        if len(words) != 1:
            raise TemplateError(line, f"{{{{{kind} member}}}}")
        return Node(kind, line, value=self.member(words[0], line))

    def read_url(self, words, line):
        return self.single("url", words, line)

    def read_markdown(self, words, line):
        return self.single("markdown", words, line)

    def read_path(self, words, line):
        if words and is_string(words[0]):
            pattern = unquote(words[0])
            arguments = self.arguments(words[1:], line)
            self.check_places(pattern, len(arguments), line)
            if any(word for word, _ in arguments):
                raise TemplateError(line, "a path holds members as they are")
            if not pattern.startswith("/"):
                raise TemplateError(line, "a path begins with /")
            return Node("path", line, text=pattern, arguments=arguments)
        return self.single("path", words, line)

    def read_asset(self, words, line):
        if len(words) != 1 or not is_string(words[0]):
            raise TemplateError(line, '{{asset "name"}}')
        return Node("asset", line, text=unquote(words[0]))

    def read_csrf(self, words, line):
        if words:
            raise TemplateError(line, "{{csrf}} stands alone")
        return Node("csrf", line)

    def read_call(self, words, line):
        if len(words) not in (1, 2) or not re.fullmatch(r"[a-z]\w*", words[0]):
            raise TemplateError(line, "{{> template member}}")
        return Node("call", line, text=words[0], value=self.member(words[1], line) if len(words) == 2 else "")


def parse(name, file, source):
    """The template, or a TemplateError."""
    head = re.match(r"\s*\{\{(.*?)\}\}[ \t]*\n?", source)
    match = head and VIEW.fullmatch(head.group(1).strip())
    if not match:
        raise TemplateError(1, 'the first line is {{view struct NAME "path/of/header.h"}} or {{view none}}')
    parser = Parser(source[head.end():], 1 + source.count("\n", 0, head.end()))
    nodes, _ = parser.nodes()
    in_c = bool(match.group(3))
    if in_c and any(node.kind != "literal" or node.text.strip() for node in nodes):
        raise TemplateError(2, "a template drawn in C has nothing else here")
    return Template(name, file, match.group(1) or "", match.group(2) or "", in_c, nodes)
