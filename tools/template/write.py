"""Writes the C of checked templates. Each statement carries a #line, so that the C compiler names the template at fault."""
import re

LITERAL_MOST = 3000 # C promises 4,095 bytes in a string


def quote(text):
    """C string literals of a text, and their length in bytes."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "?": "\\?"}
    return '"' + "".join(escapes.get(character, character) for character in text) + '"'


def pieces(text):
    """The text cut so that none has more bytes than a C string may."""
    while text:
        size = LITERAL_MOST
        while len(text[:size].encode()) > LITERAL_MOST:
            size -= 200
        yield text[:size]
        text = text[size:]


class Writer:
    def __init__(self, template, views):
        self.template = template
        self.views = views            # name of a template -> its Template
        self.lines = []
        self.indent = 1
        self.in_text_as_written = 0   # inside <pre> or <textarea>

    def put(self, line, statement):
        if line:
            self.lines.append(f'#line {line} "{self.template.file}"')
        self.lines.append("    " * self.indent + statement)

    @staticmethod
    def expression(path):
        """view.a.b -> view->a.b; a name bound by #each or #with is a pointer to its item: alone, it is the item."""
        root, _, rest = path.partition(".")
        return f"{root}->{rest}" if rest else f"(*{root})"

    def nodes(self, nodes):
        for node in nodes:
            getattr(self, "write_" + node.kind)(node)

    def write_literal(self, node):
        text = self.without_indentation(node.text)
        for piece in pieces(text):
            self.put(0, f"html_literal(html, {quote(piece)}, {len(piece.encode())});")

    def without_indentation(self, text):
        """Line breaks and the spaces about them become one line break, save in <pre> and <textarea>."""
        parts = re.split(r"(</?(?:pre|textarea)\b)", text)
        for index, part in enumerate(parts):
            if re.fullmatch(r"<(pre|textarea)", part):
                self.in_text_as_written += 1
            elif part.startswith(("</pre", "</textarea")):
                self.in_text_as_written -= 1
            elif not self.in_text_as_written:
                parts[index] = re.sub(r"[ \t]*\n\s*", "\n", part)
        return "".join(parts)

    def write_show(self, node):
        function = "html_show" if node.context == "text" else "html_show_attribute"
        self.put(node.line, f"{function}(html, {self.expression(node.value)});")

    def argument(self, argument):
        word, path = argument
        if word:
            return self.formatted(word, path, "0")
        return f"html_argument(html, {self.expression(path)})"

    def formatted(self, word, path, scale):
        value = self.expression(path)
        words = {"date": "day_short"}
        if word == "number":
            return f"language_number(html->arena, html->language, html_count({value}), {scale})"
        return f"language_{words.get(word, word)}(html->arena, html->language, {value})"

    def write_format(self, node):
        self.put(node.line, f"html_text(html, {self.formatted(node.text, node.value, node.arguments[0])});")

    def write_t(self, node):
        sentence = self.expression(node.value) if node.value else quote(node.text)
        if node.arguments:
            arguments = ", ".join(self.argument(argument) for argument in node.arguments)
            text = f"language_print(html->arena, html->language, {sentence}, {arguments}, (const char *)NULL)"
        else:
            text = f"language_text(html->language, {sentence})"
        self.put(node.line, f"html_text(html, {text});")

    def write_plural(self, node):
        one, many = (quote(sentence) for sentence in node.arguments)
        value = self.expression(node.value)
        self.put(node.line, f"html_text(html, language_plural(html->arena, html->language, html_count({value}), {one}, {many}));")

    def write_url(self, node):
        self.put(node.line, f"html_url(html, {self.expression(node.value)});")

    def write_path(self, node):
        pattern = self.expression(node.value) if node.value else quote(node.text)
        arguments = "".join(f", html_segment(html, {self.expression(path)})" for _, path in node.arguments)
        self.put(node.line, f"html_path(html, {pattern}{arguments}, (const char *)NULL);")

    def write_asset(self, node):
        self.put(node.line, f"html_text(html, asset_url({quote(node.text)}));")

    def write_markdown(self, node):
        self.put(node.line, f"html_markup(html, html_markdown(html->arena, {self.expression(node.value)}));")

    def write_csrf(self, node):
        self.put(node.line, "html_csrf(html);")

    def write_call(self, node):
        called = self.views[node.text]
        if not called.struct:
            self.put(node.line, f"template_{node.text}(html);")
            return
        if "." not in node.value:
            value = node.value
        else:
            value = f"html_pointer(struct {called.struct}, {self.expression(node.value)})"
        self.put(node.line, f"template_{node.text}(html, {value});")

    def write_if(self, node):
        self.put(node.line, f"if ({'!' if node.negated else ''}html_truth({self.expression(node.value)})) {{")
        self.inside(node.body)
        if node.otherwise:
            self.put(0, "} else {")
            self.inside(node.otherwise)
        self.put(0, "}")

    def inside(self, nodes):
        self.indent += 1
        self.nodes(nodes)
        self.indent -= 1

    @staticmethod
    def count_of(expression):
        """rows -> row_count, entries -> entry_count."""
        singular = expression[:-3] + "y" if expression.endswith("ies") else expression[:-1] if expression.endswith("s") else expression
        return singular + "_count"

    def write_each(self, node):
        array = self.expression(node.value)
        count, name = self.count_of(array), node.text
        if node.otherwise:
            self.put(node.line, f"if (!{count}) {{")
            self.inside(node.otherwise)
            self.put(0, "}")
        self.put(node.line, f"for (size_t {name}_index = 0; {name}_index < {count}; {name}_index++) {{")
        self.indent += 1
        self.put(node.line, f"__typeof__(&{array}[0]) const {name} = &{array}[{name}_index];")
        self.put(0, f"(void){name};")
        self.nodes(node.body)
        self.indent -= 1
        self.put(0, "}")

    def write_with(self, node):
        self.put(node.line, f"if ({self.expression(node.value)}) {{")
        self.indent += 1
        self.put(node.line, f"__typeof__(&{self.expression(node.value)}[0]) const {node.text} = {self.expression(node.value)};")
        self.nodes(node.body)
        self.indent -= 1
        if node.otherwise:
            self.put(0, "} else {")
            self.inside(node.otherwise)
        self.put(0, "}")

    def function(self):
        self.nodes(self.template.nodes)
        head = [f"{signature(self.template)}", "{", "    (void)html;"]
        if self.template.struct:
            head.append("    (void)view;")
        return "\n".join(head + self.lines + ["}", ""])


def signature(template):
    view = f", const struct {template.struct} *view" if template.struct else ""
    return f"void template_{template.name}(struct html *html{view})"


def header(templates, own_name):
    guard = re.sub(r"\W", "_", own_name).upper()
    structs = sorted({template.struct for template in templates if template.struct})
    lines = ["/* Written by tools/compile-templates: one function a template, see docs/templates.md. */", f"#ifndef {guard}", f"#define {guard}", "",
             '#include "platform/html/html.h"', ""]
    lines += [f"struct {name};" for name in structs] + [""]
    lines += [signature(template) + ";" for template in templates] + ["", "#endif", ""]
    return "\n".join(lines)


def source(templates, own_header):
    includes = sorted({template.header for template in templates if template.header})
    lines = ["/* Written by tools/compile-templates. */", f'#include "{own_header}"', "", '#include "platform/html/template.h"']
    lines += [f'#include "{name}"' for name in includes] + [""]
    views = {template.name: template for template in templates}
    lines += [Writer(template, views).function() for template in templates if not template.in_c]
    return "\n".join(lines)
