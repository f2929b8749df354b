-- Numbers figures, tables and sections and resolves @references, in Quarto's words. HTML gets the numbers
-- written out; Typst counts by itself, so it gets what Quarto emits for it.

local typst = FORMAT == 'typst'
local space = '\u{a0}'
local words = { fig = 'Figure', tbl = 'Table', sec = 'Section' }
local numbers, counts = {}, { fig = 0, tbl = 0 }
local sections = { 0, 0, 0, 0, 0, 0 }
local raw = pandoc.RawBlock

local function literal(text)
  return '"' .. text:gsub('[\\"]', '\\%0') .. '"'
end

local function numbered(id, caption)
  local kind = id:sub(1, 3)
  counts[kind] = counts[kind] + 1
  numbers[id] = tostring(counts[kind])
  local result = pandoc.Inlines { pandoc.Str(words[kind] .. space .. numbers[id] .. ':'), pandoc.Space() }
  result:extend(caption)
  return result
end

local function typst_float(id, blocks, caption)
  local kind = id:sub(1, 3)
  local result = pandoc.Blocks { raw('typst', '#figure([') }
  result:extend(blocks)
  result:extend { raw('typst', '], caption: figure.caption(position: ' .. (kind == 'fig' and 'bottom' or 'top')
    .. ', ['), pandoc.Plain(caption), raw('typst', ']), kind: "quarto-float-' .. kind .. '", supplement: "'
    .. words[kind] .. '") <' .. id .. '>') }
  return result
end

local function html_float(id, blocks, caption)
  local figcaption = pandoc.Blocks { raw('html', '<figcaption>'), pandoc.Plain(caption), raw('html', '</figcaption>') }
  local result = pandoc.Blocks { raw('html', '<figure id="' .. id .. '">') }
  if id:match('^tbl') then result:extend(figcaption) end
  result:extend(blocks)
  if id:match('^fig') then result:extend(figcaption) end
  result:insert(raw('html', '</figure>'))
  return result
end

local function float(id, blocks, caption)
  if typst then return typst_float(id, blocks, caption) end
  return html_float(id, blocks, numbered(id, caption))
end

local function figure(node)
  local frame = node.content[1].content[1]
  local image = frame.t == 'Image' and frame or frame.content[1]
  local alt = image.attributes['fig-alt']
  local picture = typst and pandoc.RawInline('typst', '#box(image(' .. literal(image.src) .. ', alt: ' .. literal(alt) .. '))')
    or pandoc.Image({}, image.src, '', { alt = alt })
  if frame.t ~= 'Image' then frame.content = { picture } end
  local shown = frame.t == 'Image' and picture or frame
  return float(node.identifier, { pandoc.Plain { shown } }, node.caption.long[1].content), false
end

local function div(node)
  if not node.identifier:match('^tbl%-') then return end
  local caption = node.content:remove(#node.content)
  return float(node.identifier, node.content, caption.content), false
end

local function heading(node)
  sections[node.level] = sections[node.level] + 1
  for level = node.level + 1, #sections do sections[level] = 0 end
  numbers[node.identifier] = table.concat(sections, '.', 1, node.level)
end

local function reference(node)
  local id = node.citations[1].id
  local word = words[id:sub(1, 3)]
  if typst then return pandoc.RawInline('typst', '#ref(<' .. id .. '>, supplement: [' .. word .. '])') end
  return pandoc.Link({ pandoc.Str(word .. space .. numbers[id]) }, '#' .. id)
end

return {
  { traverse = 'topdown', Figure = figure, Div = div, Header = heading },
  { Cite = reference },
}
