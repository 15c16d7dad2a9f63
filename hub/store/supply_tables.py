"""Tables. Keep stock by place, what moves it, loans, and specifications with their offers."""
