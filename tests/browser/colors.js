// axe parses the color of each text and of each background behind it anew: a third of its time.
// A page has a few dozen colors; each is parsed once. Runs after axe.
{
  const { Color } = axe.commons.color;
  const parse = Color.prototype.parseString;
  const known = new Map();
  Color.prototype.parseString = function (text) {
    if (!known.has(text)) {
      parse.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
}
// No function as the value: Playwright would call it.
undefined;
