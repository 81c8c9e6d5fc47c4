Image = A -> B
// the end
