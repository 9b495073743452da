-- need.document: Attached document (file)
ALTER TABLE need ADD COLUMN document {integer};
-- need.document_name: Attached document (file)
ALTER TABLE need ADD COLUMN document_name {text};
-- need.document_type: Attached document (file)
ALTER TABLE need ADD COLUMN document_type {text};
-- need.document_size: Attached document (file)
ALTER TABLE need ADD COLUMN document_size {integer};
-- need.document_digest: Attached document (file)
ALTER TABLE need ADD COLUMN document_digest {text};
