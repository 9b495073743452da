"""Follows the HTML of a template through its branches and refuses what is unsafe, invalid or untranslated.

The states are those of the HTML standard's tokenizer, reduced to what templates may write. Each branch of a block must leave the
state in which it began, so that what is checked here holds for every page that the template can draw."""
import re
from copy import deepcopy
from dataclasses import dataclass, field

from .parse import TemplateError

VOID = set("area br col hr img input link meta source track wbr".split())
REFUSED_ELEMENTS = set("style iframe object embed base frame frameset applet".split())
ADDRESSES = set("""href src action formaction poster cite data background longdesc manifest
    hx-get hx-post hx-put hx-patch hx-delete hx-action hx-push-url hx-replace-url data-suggest""".split())
REFUSED_ATTRIBUTES = set("""style srcdoc srcset ping formmethod http-equiv xlink:href
    hx-vals hx-headers hx-config hx-method hx-disable""".split())
SPOKEN = set("alt title placeholder aria-label aria-description aria-roledescription".split())
UNSAFE_METHODS = set("hx-post hx-put hx-patch hx-delete".split())
SAFE_LITERAL = re.compile(r"(/(?!/)|#|\?|https://|mailto:|tel:)[^\s\"]*|")
LETTERS = re.compile(r"[^\W\d_]{2,}")
ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|\w+);")
PLACES = ("text", "tag", "value")


@dataclass
class Element:
    name: str
    line: int
    depth: int = 0              # how many blocks were open when it opened
    silent: bool = False        # translate="no": its words are not for translation
    needs_token: bool = False   # a form that posts
    has_token: bool = False


@dataclass
class State:
    """Where one is in the HTML."""
    mode: str = "text"          # text, open (name of a tag), tag, attribute, equals, value, close
    stack: list = field(default_factory=list)
    name: str = ""              # of the tag being written
    line: int = 0
    attribute: str = ""
    attributes: dict = field(default_factory=dict)  # of that tag: name -> literal value
    value: str = ""             # literal part of the value so far
    parts: int = 0              # what was shown within the value so far
    word: str = ""              # the tag's or attribute's name so far

    def place(self):
        """What two branches must have in common."""
        return (self.mode, [(element.name, element.line) for element in self.stack], self.name, self.attribute, self.word)


class Checker:
    def __init__(self):
        self.state = State()
        self.depth = 0
        self.line = 1

    def refuse(self, message):
        raise TemplateError(self.line, message)

    # Nodes

    def nodes(self, nodes):
        for node in nodes:
            self.line = node.line
            if node.kind == "literal":
                self.literal(node.text)
            elif node.kind in ("if", "each", "with"):
                self.block(node)
            else:
                self.shown(node)

    def block(self, node):
        if self.state.mode not in PLACES:
            self.refuse(f"{{{{#{node.kind}}}}} cannot stand here")
        if self.state.mode == "value" and self.state.attribute in ADDRESSES:
            self.refuse(f"{self.state.attribute} holds one address: decide which before, in the view")
        before = deepcopy(self.state)
        self.depth += 1
        ends = []
        for branch in (node.body, node.otherwise):
            self.state = deepcopy(before)
            self.nodes(branch)
            self.line = node.line
            if self.state.place() != before.place():
                self.refuse(f"a branch of {{{{#{node.kind}}}}} does not close what it opens, or closes what it did not open")
            ends.append(self.state)
        self.depth -= 1
        self.state = ends[0]
        self.state.attributes = {**ends[1].attributes, **ends[0].attributes}
        self.state.parts = max(end.parts for end in ends)

    def shown(self, node):
        mode = self.state.mode
        if mode == "text":
            if self.state.stack and self.state.stack[-1].name in ("script", "style"):
                self.refuse("nothing can be shown inside <script>")
            if node.kind in ("url", "path", "asset"):
                self.refuse(f"{{{{{node.kind}}}}} is for attributes: show the member itself")
            if node.kind == "csrf":
                self.token()
            return
        if mode != "value":
            self.refuse("a value stands outside quotes: write attribute=\"{{...}}\"")
        node.context = "attribute"
        if node.kind in ("call", "csrf", "markdown"):
            self.refuse("this cannot stand in an attribute")
        if self.state.attribute in ("method", "rel") or (self.state.attribute == "type" and self.state.name != "input"):
            self.refuse(f"{self.state.attribute} must be written out")
        self.shown_in_attribute(node)
        self.state.parts += 1

    def shown_in_attribute(self, node):
        state = self.state
        is_address = node.kind in ("url", "path", "asset")
        if state.attribute not in ADDRESSES:
            if is_address and not (state.name == "meta" or state.attribute.startswith("data-")):
                self.refuse(f"{state.attribute} is not an address")
            return
        in_fragment = state.value.startswith("#") and not state.parts
        if not is_address and not in_fragment:
            self.refuse(f"{state.attribute} is an address: write it with {{{{url member}}}}, {{{{path ...}}}} or {{{{asset \"...\"}}}}")
        if is_address and (state.value or state.parts):
            self.refuse(f"{state.attribute} holds one address: {{{{{node.kind}}}}} must come first and once")

    def token(self):
        for element in reversed(self.state.stack):
            if element.name != "form":
                continue
            if not element.needs_token:
                self.refuse("{{csrf}} in a form that does not post would show the token in the address")
            if element.depth == self.depth:
                element.has_token = True
            return
        self.refuse("{{csrf}} stands outside a form")

    # Characters

    def literal(self, text):
        position = 0
        while position < len(text):
            step = getattr(self, "in_" + self.state.mode)(text, position)
            self.line += text.count("\n", position, step)
            position = step

    def in_text(self, text, position):
        if text[position] == "<":
            return self.open_angle(text, position)
        stack = self.state.stack
        end = text.find("<", position)
        words = text[position:end if end >= 0 else len(text)]
        if stack and stack[-1].name == "script" and words.strip():
            self.refuse("no script inside a page: put it in assets/")
        if not any(element.silent for element in stack):
            self.spoken(words)
        return end if end >= 0 else len(text)

    def spoken(self, words):
        found = LETTERS.search(ENTITY.sub(" ", words))
        if found:
            self.refuse(f"\"{found.group(0)}\" is not translated: {{{{t \"...\"}}}}, or translate=\"no\" on its element")

    def open_angle(self, text, position):
        rest = text[position + 1:position + 10].lower()
        if rest.startswith("!doctype"):
            end = text.find(">", position)
            return end + 1 if end >= 0 else self.refuse("the doctype is not closed")
        if rest.startswith("!"):
            self.refuse("no HTML comment: {{! ... }}")
        closing = rest.startswith("/")
        self.state.mode = "close" if closing else "open"
        self.state.word = ""
        return position + (2 if closing else 1)

    def read_word(self, text, position, pattern, what):
        match = re.compile(pattern).match(text, position)
        if not match:
            self.refuse(f"{what} is expected after \"{text[max(0, position - 12):position]}\"")
        return match

    def in_open(self, text, position):
        match = self.read_word(text, position, r"[a-z][a-zA-Z0-9-]*", "the name of an element, in lower case,")
        name = match.group(0)
        if name in REFUSED_ELEMENTS:
            self.refuse(f"<{name}> is refused")
        self.state.name, self.state.attributes, self.state.mode, self.state.line = name, {}, "tag", self.line
        return match.end()

    def in_close(self, text, position):
        match = self.read_word(text, position, r"([a-z][a-zA-Z0-9-]*)>", "the name of an element and >")
        name = match.group(1)
        if not self.state.stack or self.state.stack[-1].name != name:
            opened = self.state.stack[-1] if self.state.stack else None
            self.refuse(f"</{name}> closes nothing" + (f": <{opened.name}> of line {opened.line} is open" if opened else ""))
        element = self.state.stack.pop()
        if element.needs_token and not element.has_token:
            self.line = element.line
            self.refuse("a form that posts needs {{csrf}}, outside any block")
        self.state.mode = "text"
        return match.end()

    def in_tag(self, text, position):
        match = re.compile(r"\s+").match(text, position)
        if match:
            return match.end()
        if text[position] == ">":
            self.end_tag(False)
            return position + 1
        if text.startswith("/>", position):
            self.end_tag(True)
            return position + 2
        match = self.read_word(text, position, r"[a-zA-Z_][\w:.-]*", "an attribute")
        self.begin_attribute(match.group(0))
        if text.startswith('="', match.end()):
            self.state.mode, self.state.value, self.state.parts = "value", "", 0
            return match.end() + 2
        if text.startswith("=", match.end()):
            self.refuse(f"the value of {match.group(0)} stands outside double quotes")
        self.end_attribute(None)
        return match.end()

    def begin_attribute(self, name):
        if name != name.lower() and self.state.name not in ("svg", "linearGradient", "marker", "pattern", "symbol"):
            self.refuse(f"{name} must be in lower case")
        if name.startswith("on") or name.startswith("hx-on"):
            self.refuse(f"{name} is script inside a page: put it in assets/")
        if name in REFUSED_ATTRIBUTES:
            self.refuse(f"the attribute {name} is refused")
        if name in self.state.attributes:
            self.refuse(f"{name} is given twice")
        self.state.attribute = name

    def in_value(self, text, position):
        end = text.find('"', position)
        self.state.value += text[position:end if end >= 0 else len(text)]
        if end < 0:
            return len(text)
        self.end_attribute(self.state.value)
        return end + 1

    def end_attribute(self, value):
        state = self.state
        is_switch = state.attribute in ("hx-push-url", "hx-replace-url") and value in ("true", "false")
        if state.attribute in ADDRESSES and value is not None and not state.parts and not is_switch and not SAFE_LITERAL.fullmatch(value):
            self.refuse(f"{value} is not an address of this site, https:, mailto: or tel:")
        if state.attribute in SPOKEN and value and not any(element.silent for element in state.stack):
            self.spoken(value)
        if state.attribute == "tabindex" and value not in ("0", "-1"):
            self.refuse("tabindex is 0 or -1")
        state.attributes[state.attribute] = value if value is not None else ""
        state.attribute, state.value, state.mode = "", "", "tag"

    def end_tag(self, self_closed):
        state = self.state
        attributes = state.attributes
        self.check_element(state.name, attributes)
        in_drawing = any(element.name == "svg" for element in state.stack)
        if self_closed and not in_drawing:
            self.refuse("only elements of a drawing close themselves")
        if state.name not in VOID and not self_closed:
            element = Element(state.name, state.line, self.depth, attributes.get("translate") == "no")
            element.needs_token = state.name == "form" and attributes.get("method") == "post"
            state.stack.append(element)
        state.mode, state.name = "text", ""

    def check_element(self, name, attributes):
        required = {"img": "alt", "button": "type", "script": "src", "input": "type", "form": "action"}.get(name)
        if required and required not in attributes:
            self.refuse(f"<{name}> needs {required}")
        if name == "form" and attributes.get("method", "get") not in ("get", "post"):
            self.refuse("the method of a form is get or post")
        posts = UNSAFE_METHODS.intersection(attributes)
        if posts and not (name == "form" and attributes.get("method") == "post"):
            self.refuse(f"{sorted(posts)[0]} belongs on a form that posts and has {{{{csrf}}}}")


def check(template):
    """Marks the context of what is shown; raises TemplateError at the first fault."""
    checker = Checker()
    checker.nodes(template.nodes)
    state = checker.state
    if state.mode != "text":
        checker.refuse("the template ends inside a tag")
    if state.stack:
        raise TemplateError(state.stack[-1].line, f"<{state.stack[-1].name}> is never closed")
