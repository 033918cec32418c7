Feature: Whether a case is filed
  A clue is looked into without force and in a few days. Whoever was wronged may ask twice why nothing was filed.

  Background:
    Given it is Monday 11 March 2024, 09:00

  Rule: verification - seven days, thirty with the county's yes, three months for gangs
    Scenario: An ordinary clue
      When Chen has the clue of a theft verified
      Then the deadline "Verification to end" is Monday 18 March 2024

    Scenario: A gang
      When Chen has the clue of a gang verified
      Then the deadline "Verification to end" is Tuesday 11 June 2024

    Scenario: The officer in charge does not order it himself
      When Ou has the clue of a theft verified
      Then it is refused because it "is for"

    Scenario: The county gives more time
      Given Ou is verifying the clue of a theft
      When Cao gives more time for a complex matter
      Then the deadline "Verification to end" is Wednesday 10 April 2024

    Scenario: The station's head cannot
      Given Ou is verifying the clue of a theft
      When Chen gives more time for a complex matter
      Then it is refused because it "may extend"
      And the deadline "Verification to end" is Monday 18 March 2024

    Scenario: Nothing complex about it
      Given Ou is verifying the clue of a theft
      When Cao gives more time for an ordinary matter
      Then it is refused under "worth_it"

  Rule: looked_into - a proposal rests on what was verified
    Scenario: Nothing was
      Given Ou is verifying the clue of a theft
      When Ou proposes to file a case
      Then it is refused under "looked_into"

    Scenario: Something was
      Given Ou is verifying the clue of a theft
      And Ou has asked the neighbours
      When Ou proposes to file a case
      Then the case is "Filing to be decided"
      And the deadline "Filing to be decided" is Thursday 14 March 2024

  Rule: not_filed_notice - the complainant is told within three days
    Scenario: The last day
      Given Ou has proposed what to do with the clue of a theft
      And it has become Monday 18 March 2024, 10:00
      When Cao files no case
      Then the deadline "Notice that no case is filed" is Thursday 21 March 2024

    Scenario: Nobody writes it
      Given Cao has filed no case on Monday 18 March 2024, 10:00
      When it becomes Thursday 21 March 2024, 18:00
      Then the case is "Open to reconsideration"
      And Asha has the "Notice that no case is filed" and Bram has not

  Rule: objection - reconsideration is asked for within seven days
    Scenario: The last day
      Given Cao has filed no case on Monday 18 March 2024, 10:00
      When Ou tells the complainant
      Then the deadline "Reconsideration may be asked for" is Monday 25 March 2024

    Scenario: Silence
      Given Asha was told on Monday 18 March 2024, 10:00 that no case is filed
      When it becomes Tuesday 26 March 2024, 00:00
      Then the case is closed as "No case filed"
      And the audit trail dates "Nobody asked for reconsideration" to Monday 25 March 2024

    Scenario: Who only told something cannot ask
      Given Asha was told on Monday 18 March 2024, 10:00 that no case is filed
      When Bram asks for reconsideration
      Then it is refused because it "is for"

  Rule: reconsideration - it is decided within thirty days
    Scenario: Asked on the last day
      Given Asha was told on Monday 18 March 2024, 10:00 that no case is filed
      And it has become Monday 25 March 2024, 16:00
      When Asha asks for reconsideration
      Then the deadline "Reconsideration to be decided" is Wednesday 24 April 2024

    Scenario: Overturned
      Given Asha has asked for reconsideration on Monday 25 March 2024, 16:00
      When Cao files a case
      Then the case is "Criminal case filed"

  Rule: review_above - the unit above decides within thirty days
    Scenario: Asked on the last day
      Given Cao has upheld it on Monday 8 April 2024, 10:00
      And it has become Monday 15 April 2024, 16:00
      When Asha asks the unit above
      Then the deadline "Unit above to decide" is Wednesday 15 May 2024

    Scenario: One day late
      Given Cao has upheld it on Monday 8 April 2024, 10:00
      And it has become Tuesday 16 April 2024, 00:00
      When Asha asks the unit above
      Then it is refused because it "Archived"
      And the case is closed as "No case filed"

    Scenario: The unit above orders it
      Given Cao has upheld it on Monday 8 April 2024, 10:00
      And Asha has asked the unit above
      When Cao records that a case has to be filed
      Then the case is "Criminal case filed"
